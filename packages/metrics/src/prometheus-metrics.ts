// The metrics themselves: name, help, labels. docs/observability.md lists the same; a test compares.

import type {
  CounterConfiguration,
  Gauge,
  Metric,
  OpenMetricsContentType,
  PrometheusContentType,
  Registry,
} from 'prom-client'
import { WAIT_BOUNDS_SECONDS } from './recorder.js'

type Register = Registry<PrometheusContentType> | Registry<OpenMetricsContentType>

export function createMetrics(client: typeof import('prom-client'), register: Register) {
  const all: { readonly name: string }[] = []
  const registers = [register]

  function made<Made extends Metric>(metric: Made, name: string): Made {
    all.push({ name })
    return metric
  }

  function counter<Label extends string>(name: string, help: string, labelNames: Label[] = []) {
    const configuration: CounterConfiguration<Label> = { name, help, labelNames, registers }
    return made(new client.Counter(configuration), name)
  }

  function gauge(name: string, help: string): Gauge {
    return made(new client.Gauge({ name, help, registers }), name)
  }

  function histogram<Label extends string>(name: string, help: string, labelNames: Label[] = []) {
    const buckets = [...WAIT_BOUNDS_SECONDS]
    return made(new client.Histogram({ name, help, labelNames, buckets, registers }), name)
  }

  return {
    all,
    decisions: counter('expectation_decisions_total', 'Exchanges settled, by what was decided.', [
      'decision',
      'method',
      'route',
      'status',
      'reason',
    ]),
    decisionDuration: histogram(
      'expectation_decision_duration_seconds',
      'From the request head to the decision of the last gate.',
      ['decision'],
    ),
    pending: gauge('expectation_pending_decisions', 'Decisions that wait for a check.'),
    declared: counter(
      'expectation_declared_bytes_total',
      'Content bytes that request heads announced.',
      ['decision'],
    ),
    received: counter(
      'expectation_received_bytes_total',
      'Content bytes received while the application owned the exchange.',
      ['decision'],
    ),
    avoided: counter(
      'expectation_avoided_bytes_total',
      'Declared bytes that were never received.',
      ['decision'],
    ),
    discarded: counter(
      'expectation_discarded_bytes_total',
      'Bytes read and dropped while connections lingered.',
    ),
    continuations: counter(
      'expectation_continuations_total',
      'Exchanges with Expect: 100-continue: was it sent, and had the client waited?',
      ['sent', 'client_waited'],
    ),
    continueWait: histogram(
      'expectation_continue_wait_seconds',
      'From the request head to 100 Continue.',
    ),
    unknownExpectations: counter(
      'expectation_unknown_expectations_total',
      'Exchanges whose Expect field was unsupported or malformed.',
      ['kind'],
    ),
    connections: counter(
      'expectation_connection_ends_total',
      'How the connections of settled exchanges were left.',
      ['end', 'client_gone'],
    ),
    activeLingers: gauge('expectation_active_lingers', 'Connections that linger now.'),
    lingers: counter('expectation_lingers_total', 'Lingers that have ended, by why.', ['end']),
    requestsAfterRefusal: counter(
      'expectation_requests_after_refusal_total',
      'Requests behind a refusal on the same connection, which were not dispatched.',
    ),
    clientErrors: counter(
      'expectation_client_errors_total',
      'Errors below the framework that were answered.',
      ['status', 'code'],
    ),
    relayAttempts: counter(
      'expectation_relay_attempts_total',
      'Upstreams that a gateway tried, by the first thing that each said.',
      ['upstream', 'verdict'],
    ),
    relayVerdict: histogram(
      'expectation_relay_verdict_seconds',
      'From the begin of an attempt to the first thing that the upstream said.',
      ['upstream'],
    ),
    relayFailovers: counter(
      'expectation_relay_failovers_total',
      'Requests that went on to another upstream.',
      ['from'],
    ),
    relaySpared: counter(
      'expectation_relay_spared_bytes_total',
      'Declared bytes that were never sent on to an upstream.',
    ),
    relaySilent: counter(
      'expectation_relay_silent_total',
      'Upstreams that were asked and said nothing in time.',
      ['upstream'],
    ),
    relayUnexpected: counter(
      'expectation_relay_unexpected_total',
      'Upstreams that answered 417 when they were asked.',
      ['upstream'],
    ),
  }
}
