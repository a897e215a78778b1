// When an upstream is asked before it is sent content, and how long its silence is borne. The same for
// the gateway, for `askFirst` and for `dispatcher`.

import { readChoice, readMilliseconds, readSize } from '@expectation/core'

export interface AskOptions {
  /**
   * Which requests carry `Expect: 100-continue` to the upstream:
   * - `'large'`: those with content of at least `askFromBytes` or of unknown length, and those whose
   *   client asked itself (RFC 9110 section 10.1.1 has a proxy forward its expectation)
   * - `'client'`: only those whose client asked
   * - `'always'`: all with content
   * - `'never'`: none; refusals then come while content is on its way
   *
   * Default `'large'`.
   */
  readonly ask?: 'large' | 'client' | 'always' | 'never'
  /**
   * Bytes, or a size such as `'64kb'`. Default 64 KiB: below, asking costs a round trip and spares
   * next to nothing.
   */
  readonly askFromBytes?: number | string
  /**
   * Milliseconds that an upstream which was asked may be silent. Default 1000, as curl, Go and .NET
   * wait.
   */
  readonly continueTimeoutMs?: number
}

export interface AskPolicy {
  readonly ask: 'large' | 'client' | 'always' | 'never'
  readonly askFromBytes: number
  readonly continueTimeoutMs: number
}

export function readAskOptions(options: AskOptions): AskPolicy {
  return {
    ask: readChoice('ask', options.ask, ['large', 'client', 'always', 'never']) ?? 'large',
    askFromBytes: readSize('askFromBytes', options.askFromBytes) ?? 65_536,
    continueTimeoutMs: readMilliseconds('continueTimeoutMs', options.continueTimeoutMs, 1) ?? 1000,
  }
}

/** What decides whether one request asks. */
export interface Asking {
  /** The client's own expectation is a 100-continue. */
  readonly clientAsks: boolean
  /** Declared content in bytes; `undefined`: content of unknown length. */
  readonly contentLength: number | undefined
}

/** For a request with content; one without has nothing to ask for (RFC 9110 section 10.1.1). */
export function asks(policy: AskPolicy, { clientAsks, contentLength }: Asking): boolean {
  switch (policy.ask) {
    case 'always':
      return true
    case 'never':
      return false
    case 'client':
      return clientAsks
    case 'large':
      return clientAsks || contentLength === undefined || contentLength >= policy.askFromBytes
  }
}
