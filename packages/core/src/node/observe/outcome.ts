// From a settled exchange to its Outcome. Nothing is built when nobody listens, and no listener can
// disturb the exchange: what it throws is reported as a warning.

import type { ServerResponse } from 'node:http'
import type { Decision } from '../../decide/decision.js'
import type { Framing } from '../../head/framing.js'
import type { RequestHead } from '../../head/request-head.js'
import type { Continuation } from '../../lifecycle/continuation.js'
import type { ConnectionEnd, LingerEnd, Outcome } from '../../outcome/outcome.js'
import type { Expectation } from '../../parse/expect.js'
import { nowMs } from '../timers.js'
import { outcomes } from './channels.js'
import type { GatesMet, ObservingGate } from './gates-met.js'
import { logOutcome } from './outcome-log.js'
import { callUserCode, warnOfFault } from './user-code.js'

/** What an exchange knows of itself when it has settled. Times are of `performance.now()`. */
export interface SettledExchange {
  readonly head: RequestHead
  readonly expectation: Expectation
  readonly framing: Framing
  readonly response: ServerResponse
  readonly decision: Decision | undefined
  /** Of the final head, where it was seen. */
  readonly status: number | undefined
  readonly reason: string | undefined
  readonly receivedBytes: number
  readonly continuation: Continuation
  readonly clientWaited: boolean | undefined
  readonly startedAt: number
  readonly continueAt: number | undefined
  readonly decidedAt: number | undefined
}

/** How an exchange ended. */
interface Ending {
  readonly connection: ConnectionEnd
  readonly clientGone: boolean
  readonly linger: LingerRecord | undefined
  /** What the gate that was met last was given: a framework's request or context. */
  readonly frameworkRequest: object | undefined
}

/** How a linger went. */
export interface LingerRecord {
  readonly end: LingerEnd
  /** Content bytes read and dropped. */
  readonly bytes: number
}

/** Somebody is told the outcomes of all exchanges. */
export function isSubscribed(): boolean {
  return outcomes.hasSubscribers
}

export function publishOutcome(
  exchange: SettledExchange,
  { gates, policy }: GatesMet,
  ending: Ending,
): void {
  const gate = gates.at(-1)
  const asked = ending.frameworkRequest ?? {}
  const outcome = recordOf(
    exchange,
    answerOf('routeOf', gate, () => gate?.routeOf(asked)),
    ending,
  )
  for (const observe of new Set(gates.map(({ policy }) => policy.onOutcome))) {
    if (observe !== undefined) callUserCode('onOutcome', () => observe(outcome), observe)
  }
  const log = policy?.logger ?? answerOf('loggerOf', gate, () => gate?.loggerOf(asked))
  // A framework makes one for each request.
  const given = policy?.logger ?? gate
  if (log !== undefined) callUserCode('logger', () => logOutcome(log, outcome), given)
  outcomes.publish(outcome)
}

/** What a framework says of its request, which may be in any state by now. */
function answerOf<Answer>(
  name: string,
  gate: ObservingGate | undefined,
  ask: () => Answer | undefined,
): Answer | undefined {
  try {
    return ask()
  } catch (error) {
    warnOfFault(name, error, gate)
    return undefined
  }
}

function recordOf(
  exchange: SettledExchange,
  route: string | undefined,
  { connection, clientGone, linger }: Ending,
): Outcome {
  const { head, framing, decision, response } = exchange
  const declaredBytes = framing.kind === 'length' ? framing.bytes : undefined
  const lingeredBytes = linger?.bytes ?? 0
  const seen = exchange.receivedBytes + lingeredBytes
  return {
    method: head.method,
    target: head.target,
    ...(route !== undefined && { route }),
    protocol: head.version,
    expectation: exchange.expectation.kind,
    decision: decision?.kind ?? 'none',
    ...(decision?.kind === 'refuse' && { by: decision.by }),
    ...(response.headersSent && { status: exchange.status ?? response.statusCode }),
    ...(exchange.reason !== undefined && { reason: exchange.reason }),
    ...(declaredBytes !== undefined && {
      declaredBytes,
      avoidedBytes: Math.max(0, declaredBytes - seen),
    }),
    receivedBytes: exchange.receivedBytes,
    lingeredBytes,
    continueSent: exchange.continuation === 'sent',
    ...since(exchange, 'continueAfterMs', exchange.continueAt),
    ...(exchange.clientWaited !== undefined && { clientWaited: exchange.clientWaited }),
    ...since(exchange, 'decisionMs', exchange.decidedAt),
    connection,
    ...(linger !== undefined && { lingerEnd: linger.end }),
    clientGone,
    durationMs: nowMs() - exchange.startedAt,
  }
}

function since<Name extends string>(
  exchange: SettledExchange,
  name: Name,
  at: number | undefined,
): Partial<Record<Name, number>> {
  const result: Partial<Record<Name, number>> = {}
  if (at !== undefined) result[name] = at - exchange.startedAt
  return result
}
