// Everything that the library publishes on `node:diagnostics_channel`, documented channel by channel
// in docs/observability.md. Subscribers run synchronously; without one nothing is built.

import { channel } from 'node:diagnostics_channel'
import type { IncomingMessage } from 'node:http'
import type { Decision } from '../decide/decide.js'
import type { LingerEnd, Outcome } from '../outcome/outcome.js'

/** Names of the channels; see the message types beside them. */
export const CHANNELS = {
  /** {@link Outcome}: once for each exchange, when it has settled. */
  outcome: 'expectation:outcome',
  /** {@link DecisionStart}: a decision has to wait for an asynchronous check. */
  decisionStart: 'expectation:decision:start',
  /** {@link DecisionEnd}: it waits no longer. */
  decisionEnd: 'expectation:decision:end',
  /** {@link LingerStart}: an answer is out, and the connection lingers. */
  lingerStart: 'expectation:linger:start',
  /** {@link LingerFinish}: it lingers no longer. */
  lingerEnd: 'expectation:linger:end',
  /** {@link RequestDropped}: a request came behind a refusal on the same connection. */
  requestDropped: 'expectation:request:dropped',
  /** {@link ClientErrorAnswered}: an error below the framework was answered in the error shape. */
  clientError: 'expectation:client-error',
} as const

export interface DecisionStart {
  readonly request: IncomingMessage
}

export interface DecisionEnd {
  readonly request: IncomingMessage
  /** Absent when a check failed, or the client left. */
  readonly decision?: Decision
}

export interface LingerStart {
  /** Connections that linger now, this one included, in the whole process. */
  readonly active: number
}

export interface LingerFinish {
  readonly active: number
  readonly end: LingerEnd
  /** Content bytes read and dropped. */
  readonly bytes: number
}

export interface RequestDropped {
  readonly request: IncomingMessage
}

export interface ClientErrorAnswered {
  readonly status: number
  /** Node's code of the error, such as `HPE_INVALID_METHOD`. */
  readonly code: string
}

export const outcomes = channel(CHANNELS.outcome)
const decisionStarts = channel(CHANNELS.decisionStart)
const decisionEnds = channel(CHANNELS.decisionEnd)
const lingerStarts = channel(CHANNELS.lingerStart)
const lingerEnds = channel(CHANNELS.lingerEnd)
const droppedRequests = channel(CHANNELS.requestDropped)
const clientErrors = channel(CHANNELS.clientError)

export function publishToChannel(outcome: Outcome): void {
  outcomes.publish(outcome)
}

/** Publishes the start now, and the end when the decision is there. */
export function decidingPending(
  request: IncomingMessage,
  decision: Promise<Decision>,
): Promise<Decision> {
  if (!decisionStarts.hasSubscribers && !decisionEnds.hasSubscribers) return decision
  decisionStarts.publish({ request } satisfies DecisionStart)
  return decision.then(
    (made) => {
      decisionEnds.publish({ request, decision: made } satisfies DecisionEnd)
      return made
    },
    (error: unknown) => {
      decisionEnds.publish({ request } satisfies DecisionEnd)
      throw error
    },
  )
}

export function publishLingerStart(active: number): void {
  if (lingerStarts.hasSubscribers) lingerStarts.publish({ active } satisfies LingerStart)
}

export function publishLingerEnd(active: number, end: LingerEnd, bytes: number): void {
  if (lingerEnds.hasSubscribers) lingerEnds.publish({ active, end, bytes } satisfies LingerFinish)
}

export function publishDropped(request: IncomingMessage): void {
  if (droppedRequests.hasSubscribers) droppedRequests.publish({ request } satisfies RequestDropped)
}

export function publishClientError(status: number, code: string): void {
  if (clientErrors.hasSubscribers) {
    clientErrors.publish({ status, code } satisfies ClientErrorAnswered)
  }
}
