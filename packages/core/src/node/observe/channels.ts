// Everything that the library publishes on `node:diagnostics_channel`, documented channel by channel
// in docs/observability.md. Subscribers run synchronously; without one nothing is built.

import { channel } from 'node:diagnostics_channel'
import type { IncomingMessage } from 'node:http'
import type { Decision } from '../../decide/decision.js'
import type { LingerEnd } from '../../outcome/outcome.js'

/** Names of the channels; see the message types beside them. */
export const CHANNELS = {
  /** `Outcome`: once for each exchange, when it has settled. */
  outcome: 'expectation:outcome',
  /** {@link DecisionMade}: a gate has decided, or content was refused while it came. */
  decision: 'expectation:decision',
  /** {@link ContinueSent}: a 100 is on the wire. */
  continueSent: 'expectation:continue:sent',
  /** {@link AnswerBegun}: the final head is written, and Node has taken it. */
  answer: 'expectation:answer',
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

export interface DecisionMade {
  readonly request: IncomingMessage
  readonly decision: Decision
}

export interface ContinueSent {
  readonly request: IncomingMessage
  /** Milliseconds since the head. */
  readonly afterMs: number
}

export interface AnswerBegun {
  readonly request: IncomingMessage
  readonly status: number
  /** Reason in the answer, when it is an error of the library's shape. */
  readonly reason?: string
}

export interface DecisionStart {
  readonly request: IncomingMessage
}

export interface DecisionEnd {
  readonly request: IncomingMessage
  /** Absent when a check failed, or the client left. */
  readonly decision?: Decision
}

export interface LingerStart {
  /** Absent when the connection has no open exchange. */
  readonly request?: IncomingMessage
  /** Connections that linger now, this one included, in the whole process. */
  readonly active: number
}

export interface LingerFinish {
  readonly request?: IncomingMessage
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
const decisions = channel(CHANNELS.decision)
const continues = channel(CHANNELS.continueSent)
const answers = channel(CHANNELS.answer)
const decisionStarts = channel(CHANNELS.decisionStart)
const decisionEnds = channel(CHANNELS.decisionEnd)
const lingerStarts = channel(CHANNELS.lingerStart)
const lingerEnds = channel(CHANNELS.lingerEnd)
const droppedRequests = channel(CHANNELS.requestDropped)
const clientErrors = channel(CHANNELS.clientError)

export function publishDecision(request: IncomingMessage, decision: Decision): void {
  if (decisions.hasSubscribers) decisions.publish({ request, decision } satisfies DecisionMade)
}

export function publishContinue(request: IncomingMessage, afterMs: number): void {
  if (continues.hasSubscribers) continues.publish({ request, afterMs } satisfies ContinueSent)
}

export function publishAnswer(
  request: IncomingMessage,
  status: number,
  reason: string | undefined,
): void {
  if (!answers.hasSubscribers) return
  answers.publish({ request, status, ...(reason && { reason }) } satisfies AnswerBegun)
}

export function publishDecisionStart(request: IncomingMessage): void {
  if (decisionStarts.hasSubscribers) decisionStarts.publish({ request } satisfies DecisionStart)
}

export function publishDecisionEnd(request: IncomingMessage, decision?: Decision): void {
  if (!decisionEnds.hasSubscribers) return
  decisionEnds.publish({ request, ...(decision && { decision }) } satisfies DecisionEnd)
}

export function publishLingerStart(request: IncomingMessage | undefined, active: number): void {
  if (!lingerStarts.hasSubscribers) return
  lingerStarts.publish({ ...(request && { request }), active } satisfies LingerStart)
}

export function publishLingerEnd(
  request: IncomingMessage | undefined,
  facts: Omit<LingerFinish, 'request'>,
): void {
  if (!lingerEnds.hasSubscribers) return
  lingerEnds.publish({ ...(request && { request }), ...facts } satisfies LingerFinish)
}

export function publishDropped(request: IncomingMessage): void {
  if (droppedRequests.hasSubscribers) droppedRequests.publish({ request } satisfies RequestDropped)
}

export function publishClientError(status: number, code: string): void {
  if (clientErrors.hasSubscribers) {
    clientErrors.publish({ status, code } satisfies ClientErrorAnswered)
  }
}
