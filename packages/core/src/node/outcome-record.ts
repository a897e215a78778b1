// From a settled exchange to its Outcome. Nothing is built when nobody listens, and no listener can
// disturb the exchange: what it throws is reported as a warning.

import type { ServerResponse } from 'node:http'
import type { Decision } from '../decide/decide.js'
import type { Framing } from '../head/framing.js'
import type { RequestHead } from '../head/request-head.js'
import type { ConnectionEnd, LingerEnd, Outcome } from '../outcome/outcome.js'
import type { Expectation } from '../parse/expect.js'
import { outcomeChannel } from './outcome-channel.js'

/** What an exchange knows of itself when it has settled. Times are of `performance.now()`. */
export interface SettledExchange {
  readonly head: RequestHead
  readonly expectation: Expectation
  readonly framing: Framing
  readonly response: ServerResponse
  readonly decision: Decision | undefined
  readonly reason: string | undefined
  readonly receivedBytes: number
  readonly lingeredBytes: number
  readonly continuation: string
  readonly clientWaited: boolean | undefined
  readonly startedAt: number
  readonly continueAt: number | undefined
  readonly decidedAt: number | undefined
}

export function publishOutcome(
  exchange: SettledExchange,
  observers: readonly ((outcome: Outcome) => void)[],
  connection: ConnectionEnd,
  clientGone: boolean,
  lingerEnd: LingerEnd | undefined,
): void {
  if (observers.length === 0 && !outcomeChannel.hasSubscribers) return
  const outcome = recordOf(exchange, connection, clientGone, lingerEnd)
  // The same function on two gates is still one outcome.
  for (const observe of new Set(observers)) {
    try {
      observe(outcome)
    } catch (error) {
      process.emitWarning(`onOutcome threw: ${String(error)}`, {
        code: 'EXPECTATION_WRN_ON_OUTCOME',
      })
    }
  }
  outcomeChannel.publish(outcome)
}

function recordOf(
  exchange: SettledExchange,
  connection: ConnectionEnd,
  clientGone: boolean,
  lingerEnd: LingerEnd | undefined,
): Outcome {
  const { head, framing, decision, response } = exchange
  const declaredBytes = framing.kind === 'length' ? framing.bytes : undefined
  const seen = exchange.receivedBytes + exchange.lingeredBytes
  return {
    method: head.method,
    target: head.target,
    protocol: head.version,
    expectation: exchange.expectation.kind,
    decision: decision?.kind ?? 'none',
    ...(decision?.kind === 'refuse' && { by: decision.by }),
    ...(response.headersSent && { status: response.statusCode }),
    ...(exchange.reason !== undefined && { reason: exchange.reason }),
    ...(declaredBytes !== undefined && {
      declaredBytes,
      avoidedBytes: Math.max(0, declaredBytes - seen),
    }),
    receivedBytes: exchange.receivedBytes,
    lingeredBytes: exchange.lingeredBytes,
    continueSent: exchange.continuation === 'sent',
    ...since(exchange, 'continueAfterMs', exchange.continueAt),
    ...(exchange.clientWaited !== undefined && { clientWaited: exchange.clientWaited }),
    ...since(exchange, 'decisionMs', exchange.decidedAt),
    connection,
    ...(lingerEnd !== undefined && { lingerEnd }),
    clientGone,
    durationMs: performance.now() - exchange.startedAt,
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
