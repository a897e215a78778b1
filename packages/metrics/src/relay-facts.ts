// What both systems count of one relay.

import type { RelayOutcome, RelayVerdict } from '@expectation/core'

export interface RelayFacts {
  readonly attempts: readonly {
    readonly upstream: string
    readonly verdict: RelayVerdict
    readonly seconds: number
  }[]
  /** Upstreams that the request went on from. */
  readonly failovers: readonly string[]
  readonly silent: readonly string[]
  /** Upstreams that know no `Expect`. */
  readonly unexpected: readonly string[]
  readonly sparedBytes: number
}

export function relayFacts(
  { attempts, sparedBytes = 0 }: RelayOutcome,
  upstreamOf: (origin: string) => string,
): RelayFacts {
  const label = ({ upstream }: { readonly upstream: string }): string => upstreamOf(upstream)
  return {
    attempts: attempts.map((attempt) => ({
      upstream: label(attempt),
      verdict: attempt.verdict,
      seconds: attempt.verdictMs / 1000,
    })),
    failovers: attempts
      .filter(({ upstream }, at) => (attempts[at + 1]?.upstream ?? upstream) !== upstream)
      .map(label),
    silent: attempts.filter(({ verdict }) => verdict === 'silent').map(label),
    unexpected: attempts.filter(({ asked, status }) => asked && status === 417).map(label),
    sparedBytes,
  }
}
