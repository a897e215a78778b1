// From a settled exchange to its Outcome. Nothing is built when nobody listens, and no listener can
// disturb the exchange: what it throws is reported as a warning.

import type { ServerResponse } from 'node:http'
import { performance } from 'node:perf_hooks'
import type { Decision } from '../decide/decision.js'
import type { Framing } from '../head/framing.js'
import type { RequestHead } from '../head/request-head.js'
import type { ConnectionEnd, LingerEnd, Outcome } from '../outcome/outcome.js'
import type { Expectation } from '../parse/expect.js'
import type { Logger } from '../policy/logger.js'
import type { Policy } from '../policy/policy.js'
import { outcomes } from './channels.js'
import { logOutcome } from './outcome-log.js'

/** What an exchange knows of itself when it has settled. Times are of `performance.now()`. */
export interface SettledExchange {
  readonly head: RequestHead
  readonly expectation: Expectation
  readonly framing: Framing
  readonly response: ServerResponse
  readonly decision: Decision | undefined
  readonly reason: string | undefined
  readonly receivedBytes: number
  readonly continuation: string
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
}

/** How a linger went. */
export interface LingerRecord {
  readonly end: LingerEnd
  /** Content bytes read and dropped. */
  readonly bytes: number
}

/** A gate, as one that is told outcomes. */
export interface ObservingGate {
  readonly policy: Policy
  /** Somebody may want to know: `onOutcome`, a logger, or the framework's logger. */
  readonly observes: boolean
  routeOf(source: object): string | undefined
  loggerOf(source: object): Logger | undefined
}

/** What a framework knows of a request that an outcome tells, or is told to. */
export interface OutcomeKnowledge<Source> {
  /** The route that took the request, as it was written, for outcomes and metrics. */
  readonly routeOf?: (source: Source) => string | undefined
  /** The framework's logger for a request, where there is one. */
  readonly loggerOf?: (source: Source) => Logger | undefined
}

export function observingGate<Source extends object>(
  policy: Policy,
  { routeOf, loggerOf }: OutcomeKnowledge<Source>,
): ObservingGate {
  return {
    policy,
    observes:
      policy.onOutcome !== undefined || policy.logger !== undefined || loggerOf !== undefined,
    // The source comes back from the exchange that this very gate gave it to.
    routeOf: (source: Source) => routeOf?.(source),
    loggerOf: (source: Source) => policy.logger ?? loggerOf?.(source),
  }
}

/** Whether anybody would be told an outcome: if not, none is made. */
export function isObserved(
  gate: ObservingGate | undefined,
  earlier: readonly ObservingGate[],
): boolean {
  return (
    outcomes.hasSubscribers ||
    gate?.observes === true ||
    (earlier.length > 0 && earlier.some(({ observes }) => observes))
  )
}

/** Who looked after an exchange: the gate that it reached last, and what that one was given. */
interface Observers {
  readonly gate: ObservingGate | undefined
  readonly earlier: readonly ObservingGate[]
  readonly source: object | undefined
}

export function publishOutcome(
  exchange: SettledExchange,
  { gate, earlier, source }: Observers,
  ending: Ending,
): void {
  const logger = source === undefined ? undefined : gate?.loggerOf(source)
  const observers = new Set([...earlier, gate].map((each) => each?.policy.onOutcome))
  observers.delete(undefined)
  const route = source === undefined ? undefined : gate?.routeOf(source)
  const outcome = recordOf(exchange, route, ending)
  for (const observe of observers) guarded('onOutcome', () => observe?.(outcome))
  if (logger !== undefined) guarded('logger', () => logOutcome(logger, outcome))
  outcomes.publish(outcome)
}

/** What an observer throws must not reach the exchange, which is over. */
function guarded(name: string, tell: () => void): void {
  try {
    tell()
  } catch (error) {
    process.emitWarning(`${name} threw: ${String(error)}`, { code: 'EXPECTATION_WRN_OBSERVER' })
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
    ...(response.headersSent && { status: response.statusCode }),
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
