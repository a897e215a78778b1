// Outcomes as Prometheus metrics. Names follow Prometheus's conventions: base units, `_total` for
// counters. Labels that have nothing to tell say `none`.

import { OptionError } from '@expectation/core'
import type { OpenMetricsContentType, PrometheusContentType, Registry } from 'prom-client'
import { type MetricsOptions, readMetricsOptions } from './metrics-options.js'
import { observe } from './observe.js'
import { loadPeer } from './peer.js'
import { admissionRecorder } from './prometheus-admission.js'
import { createMetrics } from './prometheus-metrics.js'
import type { Recorder, Stoppable } from './recorder.js'
import { relayFacts } from './relay-facts.js'

const NONE = 'none'

type Register = Registry<PrometheusContentType> | Registry<OpenMetricsContentType>

/** What counts into a register, and how many have asked for it. */
interface Counting {
  readonly names: readonly string[]
  readonly observation: Stoppable
  users: number
}

/** On the register, so that copies of this package in one process count once. */
const COUNTING = Symbol.for('@expectation/metrics.counting')

type CountingRegister = Register & { [COUNTING]?: Counting }

/**
 * Counts what the library does, in a register of prom-client. A register counts once: called again
 * for it, this gives a handle on the same counting, with the options of the first call.
 *
 * @param register - Default: prom-client's own `register`.
 * @returns `stop()` takes the metrics out of the register again, when everybody has called it.
 * @throws MissingPeerError - prom-client is not installed.
 * @throws OptionError - the register is none, or an option is wrong.
 * @throws what prom-client throws when the register has metrics of these names from somebody else.
 */
export function prometheus(register?: Register, options?: MetricsOptions): Stoppable {
  const { route } = readMetricsOptions(options)
  const client = loadPeer(
    'prometheus',
    'prom-client',
    () => require('prom-client') as typeof import('prom-client'),
  )
  const target: CountingRegister = readRegister(register) ?? client.register
  const counting = countingOf(target) ?? begin(client, target, route)
  counting.users += 1
  let stopped = false
  return {
    stop() {
      if (stopped) return
      stopped = true
      counting.users -= 1
      if (counting.users === 0) end(target, counting)
    },
  }
}

const NEEDED = ['registerMetric', 'getSingleMetric', 'removeSingleMetric'] as const

/** Options that are given in its place would end in an error of prom-client that tells nobody why. */
function readRegister(register: Register | undefined): Register | undefined {
  if (register === undefined) return undefined
  if (NEEDED.every((name) => typeof register?.[name] === 'function')) return register
  throw new OptionError({
    option: 'register',
    received: register,
    remedy: 'Give a Registry of prom-client, or undefined for its own; options come second.',
  })
}

/** Nobody counts any more in a register whose metrics were taken out behind our back, by `clear()`. */
function countingOf(target: CountingRegister): Counting | undefined {
  const counting = target[COUNTING]
  if (counting === undefined) return undefined
  const whole = counting.names.every((name) => target.getSingleMetric(name) !== undefined)
  if (!whole) end(target, counting)
  return whole ? counting : undefined
}

function begin(
  client: typeof import('prom-client'),
  target: CountingRegister,
  route: MetricsOptions['route'],
): Counting {
  const metrics = createMetrics(client, target)
  const counting: Counting = {
    names: metrics.all.map(({ name }) => name),
    observation: observe(recorderOf(metrics), route),
    users: 0,
  }
  target[COUNTING] = counting
  return counting
}

function end(target: CountingRegister, counting: Counting): void {
  counting.observation.stop()
  for (const name of counting.names) target.removeSingleMetric(name)
  if (target[COUNTING] === counting) delete target[COUNTING]
}

function recorderOf(metrics: ReturnType<typeof createMetrics>): Recorder {
  return {
    exchange(labels, outcome) {
      const { decision } = labels
      metrics.decisions.inc({
        decision,
        method: labels.method,
        route: labels.route ?? NONE,
        status: labels.status ?? NONE,
        reason: labels.reason ?? NONE,
      })
      if (outcome.decisionMs !== undefined) {
        metrics.decisionDuration.observe({ decision }, outcome.decisionMs / 1000)
      }
      metrics.declared.inc({ decision }, outcome.declaredBytes ?? 0)
      metrics.received.inc({ decision }, outcome.receivedBytes)
      metrics.avoided.inc({ decision }, outcome.avoidedBytes ?? 0)
      metrics.connections.inc({
        end: outcome.connection,
        client_gone: String(outcome.clientGone),
      })
      if (outcome.expectation === 'continue') {
        metrics.continuations.inc({
          sent: String(outcome.continueSent),
          client_waited: String(outcome.clientWaited ?? NONE),
        })
      } else if (outcome.expectation !== 'none') {
        metrics.unknownExpectations.inc({ kind: outcome.expectation })
      }
      if (outcome.continueAfterMs !== undefined) {
        metrics.continueWait.observe(outcome.continueAfterMs / 1000)
      }
    },
    pending: (change) => metrics.pending.inc(change),
    lingering: (change) => metrics.activeLingers.inc(change),
    lingered(end, bytes) {
      metrics.lingers.inc({ end })
      metrics.discarded.inc(bytes)
    },
    requestAfterRefusal: () => metrics.requestsAfterRefusal.inc(),
    admission: admissionRecorder(metrics.admission),
    // The register lets go of the metrics.
    stopped: () => undefined,
    clientError: (status, code) => metrics.clientErrors.inc({ status, code }),
    relay(outcome, upstreamOf) {
      const told = relayFacts(outcome, upstreamOf)
      for (const { upstream, verdict, seconds } of told.attempts) {
        metrics.relayAttempts.inc({ upstream, verdict })
        metrics.relayVerdict.observe({ upstream }, seconds)
      }
      for (const from of told.failovers) metrics.relayFailovers.inc({ from })
      for (const upstream of told.silent) metrics.relaySilent.inc({ upstream })
      for (const upstream of told.unexpected) metrics.relayUnexpected.inc({ upstream })
      metrics.relaySpared.inc(told.sparedBytes)
    },
  }
}
