// What follows from what an upstream said, as a function of values. Laws:
// - nothing goes to a second upstream once content was read that is not kept for it
// - a request that an upstream has whole may have been acted upon: it is sent again only when its method
//   is idempotent (RFC 9110 section 9.2.2). One whose content is missing has not been, nor one that it says
//   it has not looked at
// - only an answer that says "not here, not now" is exchanged for another one; any other is relayed

/** What one upstream did. */
export type UpstreamEvent =
  | { readonly kind: 'continue' }
  | { readonly kind: 'silent' }
  | { readonly kind: 'answer'; readonly status: number }
  | { readonly kind: 'unreachable' | 'stale' | 'untouched' | 'broken' | 'unsendable' | 'late' }

/** What there is to decide with. */
export interface Situation {
  /** This upstream was asked, and nothing of the content was sent to it. */
  readonly asking: boolean
  /** The client asked by itself, and sends nothing before it is answered. */
  readonly clientAsks: boolean
  /** Everything that was read of the content can be sent again, or nothing was read. */
  readonly repeatable: boolean
  /** The upstream has the whole request; one without content is whole with its head. */
  readonly whole: boolean
  readonly idempotent: boolean
  /** There is another upstream, and attempts and budget allow it. */
  readonly more: boolean
  /** How often this upstream was tried again, as a kept connection had died or the request was not looked at. */
  readonly staleTries: number
}

export interface StepPolicy {
  readonly retryOn: ReadonlySet<number>
  readonly onSilence: 'send' | 'next' | 'refuse'
}

export type Step =
  /** The content goes to this upstream. */
  | 'send'
  /** Its answer goes to the client. */
  | 'relay'
  /** The same, and while it lasts the content goes to this upstream. */
  | 'relay-and-send'
  | 'next'
  /** The same upstream, on another connection. */
  | 'again'
  /** The same upstream, without asking. */
  | 'again-unasked'
  | RefuseStep

/** It ends without the answer of an upstream. */
export type RefuseStep =
  | 'refuse-unreachable'
  | 'refuse-failed'
  | 'refuse-late'
  /** The client's head is at fault. */
  | 'refuse-head'

/** Kept connections die together when an upstream restarts; the agent may have several. */
const MOST_STALE_TRIES = 2

export function nextStep(event: UpstreamEvent, situation: Situation, policy: StepPolicy): Step {
  const { asking, more, staleTries } = situation
  const replaceable = situation.repeatable && (!situation.whole || situation.idempotent)
  switch (event.kind) {
    case 'continue':
      return 'send'
    case 'silent':
      if (policy.onSilence === 'send') return 'send'
      return policy.onSilence === 'next' && more ? 'next' : 'refuse-late'
    case 'answer':
      // We sent exactly `100-continue`: 417 says that it is not known there (RFC 9110 15.5.18).
      if (event.status === 417 && asking) return 'again-unasked'
      if (policy.retryOn.has(event.status) && replaceable && more) return 'next'
      // Whoever knows no expectation may answer before it reads, as an echo does, or a call of gRPC. A client
      // that asked has its answer; another one waits for its content to be taken.
      return asking && !situation.clientAsks && event.status < 300 ? 'relay-and-send' : 'relay'
    case 'unreachable':
      return situation.repeatable && more ? 'next' : 'refuse-unreachable'
    case 'stale':
    case 'untouched': {
      // RFC 9113 section 8.7: what was refused unseen is safe to send again, whatever its method.
      const safe = event.kind === 'untouched' ? situation.repeatable : replaceable
      if (safe && staleTries < MOST_STALE_TRIES) return 'again'
      return safe && more ? 'next' : 'refuse-failed'
    }
    case 'broken':
      return replaceable && more ? 'next' : 'refuse-failed'
    case 'late':
      return 'refuse-late'
    case 'unsendable':
      return 'refuse-head'
  }
}

const IDEMPOTENT: ReadonlySet<string> = new Set([
  'GET',
  'HEAD',
  'OPTIONS',
  'TRACE',
  'PUT',
  'DELETE',
])

export function isIdempotent(method: string): boolean {
  return IDEMPOTENT.has(method)
}
