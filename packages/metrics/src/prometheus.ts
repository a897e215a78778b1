// Outcomes as Prometheus metrics. Names follow Prometheus's conventions: base units, `_total` for
// counters. Labels that have nothing to tell say `none`.

import type { OpenMetricsContentType, PrometheusContentType, Registry } from 'prom-client'
import { observe } from './observe.js'
import { loadPeer } from './peer.js'
import { createMetrics } from './prometheus-metrics.js'
import type { Recorder, Stoppable } from './recorder.js'
import { relayFacts } from './relay-facts.js'

const NONE = 'none'

/**
 * Counts what the library does, in a register of prom-client.
 *
 * @param register - Default: prom-client's own `register`.
 * @returns `stop()` takes the metrics out of the register again.
 * @throws when prom-client is not installed, or the register has these metrics already.
 */
export function prometheus(
  register?: Registry<PrometheusContentType> | Registry<OpenMetricsContentType>,
): Stoppable {
  const client = loadPeer(
    'prometheus',
    'prom-client',
    () => require('prom-client') as typeof import('prom-client'),
  )
  const target = register ?? client.register
  const metrics = createMetrics(client, target)
  const observation = observe(recorderOf(metrics))
  return {
    stop() {
      observation.stop()
      for (const { name } of metrics.all.splice(0)) target.removeSingleMetric(name)
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
