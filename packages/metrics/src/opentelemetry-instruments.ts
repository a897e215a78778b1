// The instruments themselves: name, kind, unit. docs/observability.md lists the same; a test
// compares. No `_total` and no unit in names: exporters add what their system wants.

import type { Meter } from '@opentelemetry/api'
import { WAIT_BOUNDS_SECONDS } from './recorder.js'

export function createInstruments(meter: Meter) {
  const counter = (name: string, unit: string, description: string) =>
    meter.createCounter(name, { unit, description })
  const gauge = (name: string, unit: string, description: string) =>
    meter.createUpDownCounter(name, { unit, description })
  const histogram = (name: string, description: string) =>
    meter.createHistogram(name, {
      unit: 's',
      description,
      advice: { explicitBucketBoundaries: [...WAIT_BOUNDS_SECONDS] },
    })
  return {
    decisions: counter(
      'expectation.decisions',
      '{exchange}',
      'Exchanges settled, by what was decided.',
    ),
    decisionDuration: histogram(
      'expectation.decision.duration',
      'From the request head to the decision of the last gate.',
    ),
    pending: gauge(
      'expectation.decision.pending',
      '{decision}',
      'Decisions that wait for a check.',
    ),
    declared: counter(
      'expectation.content.declared',
      'By',
      'Content bytes that request heads announced.',
    ),
    received: counter(
      'expectation.content.received',
      'By',
      'Content bytes received while the application owned the exchange.',
    ),
    avoided: counter(
      'expectation.content.avoided',
      'By',
      'Declared bytes that were never received.',
    ),
    discarded: counter(
      'expectation.content.discarded',
      'By',
      'Bytes read and dropped while connections lingered.',
    ),
    continuations: counter(
      'expectation.continuations',
      '{exchange}',
      'Exchanges with Expect: 100-continue: was it sent, and had the client waited?',
    ),
    continueWait: histogram('expectation.continue.wait', 'From the request head to 100 Continue.'),
    unknownExpectations: counter(
      'expectation.unknown_expectations',
      '{exchange}',
      'Exchanges whose Expect field was unsupported or malformed.',
    ),
    connections: counter(
      'expectation.connection.ends',
      '{exchange}',
      'How the connections of settled exchanges were left.',
    ),
    activeLingers: gauge(
      'expectation.linger.active',
      '{connection}',
      'Connections that linger now.',
    ),
    lingers: counter('expectation.lingers', '{connection}', 'Lingers that have ended, by why.'),
    requestsAfterRefusal: counter(
      'expectation.requests_after_refusal',
      '{request}',
      'Requests behind a refusal on the same connection, which were not dispatched.',
    ),
    clientErrors: counter(
      'expectation.client_errors',
      '{error}',
      'Errors below the framework that were answered.',
    ),
    relayAttempts: counter(
      'expectation.relay.attempts',
      '{attempt}',
      'Upstreams that a gateway tried, by the first thing that each said.',
    ),
    relayVerdict: histogram(
      'expectation.relay.verdict.duration',
      'From the begin of an attempt to the first thing that the upstream said.',
    ),
    relayFailovers: counter(
      'expectation.relay.failovers',
      '{request}',
      'Requests that went on to another upstream.',
    ),
    relaySpared: counter(
      'expectation.relay.content.spared',
      'By',
      'Declared bytes that were never sent on to an upstream.',
    ),
    relaySilent: counter(
      'expectation.relay.silent',
      '{attempt}',
      'Upstreams that were asked and said nothing in time.',
    ),
    relayUnexpected: counter(
      'expectation.relay.unexpected',
      '{attempt}',
      'Upstreams that answered 417 when they were asked.',
    ),
  }
}
