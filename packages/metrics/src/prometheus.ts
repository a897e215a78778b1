// Outcomes as Prometheus metrics. Names follow Prometheus's conventions: base units, `_total` for
// counters. Labels that have nothing to tell say `none`.

import { OptionError } from '@expectation/core'
import type { OpenMetricsContentType, PrometheusContentType, Registry } from 'prom-client'
import { type Counting, countOnce } from './counting.js'
import { type MetricsOptions, readMetricsOptions } from './metrics-options.js'
import { observe } from './observe.js'
import { loadPeer } from './peer.js'
import { admissionRecorder } from './prometheus-admission.js'
import { createMetrics } from './prometheus-metrics.js'
import type { Recorder, Stoppable } from './recorder.js'
import { relayFacts } from './relay-facts.js'

const NONE = 'none'

type Register = Registry<PrometheusContentType> | Registry<OpenMetricsContentType>

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
  const target = readRegister(register) ?? client.register
  return countOnce(target, () => counting(client, target, route))
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

function counting(
  client: typeof import('prom-client'),
  target: Register,
  route: MetricsOptions['route'],
): Counting {
  const metrics = createMetrics(client, target)
  const observation = observe(recorderOf(metrics), route)
  return {
    // Nobody counts any more in a register whose metrics were taken out by `clear()`.
    isWhole: () => metrics.all.every(({ name }) => target.getSingleMetric(name) !== undefined),
    stop() {
      observation.stop()
      for (const { name } of metrics.all) target.removeSingleMetric(name)
    },
  }
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
