// Outcomes as OpenTelemetry metrics, and what happens on the way as events on spans. Attributes
// follow the HTTP semantic conventions where these have a name; the rest is under `expectation.`.

import { OptionError } from '@expectation/core'
import type { Attributes, Meter } from '@opentelemetry/api'
import { countOnce } from './counting.js'
import type { ExchangeLabels } from './labels/exchange-labels.js'
import { together } from './listen.js'
import { type MetricsOptions, readMetricsOptions } from './metrics-options.js'
import { observe } from './observe.js'
import { admissionTeller } from './opentelemetry-admission.js'
import { createInstruments } from './opentelemetry-instruments.js'
import { loadPeer } from './peer.js'
import type { Recorder, Stoppable } from './recorder.js'
import { relayFacts } from './relay-facts.js'
import { tellSpans } from './spans/tell-spans.js'

const SCOPE = '@expectation/metrics'

/**
 * Counts what the library does with instruments of OpenTelemetry, and tells the current span of it.
 * It may be called before the SDK is set up: counting begins once there is a global meter provider. A
 * meter counts once: called again for it, this gives a handle on the same counting, with the options of the
 * first call.
 *
 * @param meter - Default: the meter `@expectation/metrics` of the global provider.
 * @returns `stop()` ends the counting, when everybody has called it.
 * @throws MissingPeerError - `@opentelemetry/api` is not installed.
 * @throws OptionError - the meter is none, or an option is wrong.
 */
export function openTelemetry(meter?: Meter, options?: MetricsOptions): Stoppable {
  const { route } = readMetricsOptions(options)
  const api = loadPeer(
    'openTelemetry',
    '@opentelemetry/api',
    () => require('@opentelemetry/api') as typeof import('@opentelemetry/api'),
  )
  const given = readMeter(meter)
  const counting = countOnce(given ?? api.metrics, () => {
    const recorder = given === undefined ? lateRecorder(api) : recorderOf(createInstruments(given))
    return observe(recorder, route)
  })
  // Spans are those of the global tracer, whatever the meter is.
  const spans = countOnce(api.trace, () => tellSpans(api, SCOPE))
  return together(counting, spans)
}

const MAKES: readonly (keyof Meter)[] = ['createCounter', 'createUpDownCounter', 'createHistogram']

/** A provider, or options, given in its place would end in an error that tells nobody why. */
function readMeter(meter: Meter | undefined): Meter | undefined {
  if (meter === undefined) return undefined
  if (MAKES.every((name) => typeof meter?.[name] === 'function')) return meter
  throw new OptionError({
    option: 'meter',
    received: meter,
    remedy:
      "Give a meter, as provider.getMeter('uploads') does, or undefined for the global one; options come second.",
  })
}

/**
 * The API's global meter does nothing, for ever, when it was taken before the SDK was set up: so it is
 * taken when there is something to count. What is up at that time is told then; what was counted
 * before is not.
 */
function lateRecorder(api: typeof import('@opentelemetry/api')): Recorder {
  let recorder: Recorder | undefined
  let pending = 0
  let lingering = 0

  function ready(): Recorder | undefined {
    if (recorder !== undefined) return recorder
    const meter = api.metrics.getMeter(SCOPE)
    if (meter === api.createNoopMeter()) return undefined
    recorder = recorderOf(createInstruments(meter))
    if (pending !== 0) recorder.pending(pending)
    if (lingering !== 0) recorder.lingering(lingering)
    return recorder
  }

  return {
    exchange: (labels, outcome) => ready()?.exchange(labels, outcome),
    pending(change) {
      ready()?.pending(change)
      pending += change
    },
    lingering(change) {
      ready()?.lingering(change)
      lingering += change
    },
    lingered: (end, bytes) => ready()?.lingered(end, bytes),
    requestAfterRefusal: () => ready()?.requestAfterRefusal(),
    clientError: (status, code) => ready()?.clientError(status, code),
    admission: (event, labels) => ready()?.admission(event, labels),
    stopped: () => recorder?.stopped(),
    relay: (outcome, upstreamOf) => ready()?.relay(outcome, upstreamOf),
  }
}

function recorderOf(instruments: ReturnType<typeof createInstruments>): Recorder {
  return {
    exchange(labels, outcome) {
      const decision = { 'expectation.decision': labels.decision }
      instruments.decisions.add(1, attributesOf(labels, outcome.protocol))
      if (outcome.decisionMs !== undefined) {
        instruments.decisionDuration.record(outcome.decisionMs / 1000, decision)
      }
      instruments.declared.add(outcome.declaredBytes ?? 0, decision)
      instruments.received.add(outcome.receivedBytes, decision)
      instruments.avoided.add(outcome.avoidedBytes ?? 0, decision)
      instruments.connections.add(1, {
        'expectation.connection.end': outcome.connection,
        'expectation.client.gone': outcome.clientGone,
      })
      if (outcome.expectation === 'continue') {
        instruments.continuations.add(1, {
          'expectation.continue.sent': outcome.continueSent,
          ...(outcome.clientWaited !== undefined && {
            'expectation.client.waited': outcome.clientWaited,
          }),
        })
      } else if (outcome.expectation !== 'none') {
        instruments.unknownExpectations.add(1, { 'expectation.kind': outcome.expectation })
      }
      if (outcome.continueAfterMs !== undefined) {
        instruments.continueWait.record(outcome.continueAfterMs / 1000)
      }
    },
    pending: (change) => instruments.pending.add(change),
    lingering: (change) => instruments.activeLingers.add(change),
    lingered(end, bytes) {
      instruments.lingers.add(1, { 'expectation.linger.end': end })
      instruments.discarded.add(bytes)
    },
    requestAfterRefusal: () => instruments.requestsAfterRefusal.add(1),
    ...admissionTeller(instruments.admission),
    clientError: (status, code) =>
      instruments.clientErrors.add(1, { ...statusAttribute(status), 'error.type': code }),
    relay(outcome, upstreamOf) {
      const told = relayFacts(outcome, upstreamOf)
      for (const { upstream, verdict, seconds } of told.attempts) {
        const of = { 'expectation.upstream': upstream }
        instruments.relayAttempts.add(1, { ...of, 'expectation.verdict': verdict })
        instruments.relayVerdict.record(seconds, of)
      }
      for (const upstream of told.failovers) {
        instruments.relayFailovers.add(1, { 'expectation.upstream': upstream })
      }
      for (const upstream of told.silent) {
        instruments.relaySilent.add(1, { 'expectation.upstream': upstream })
      }
      for (const upstream of told.unexpected) {
        instruments.relayUnexpected.add(1, { 'expectation.upstream': upstream })
      }
      instruments.relaySpared.add(told.sparedBytes)
    },
  }
}

/** `error.type` is for what the server is to blame for (HTTP semconv, server spans and metrics). */
function attributesOf(labels: ExchangeLabels, protocol: string): Attributes {
  const { status, route, reason } = labels
  return {
    'expectation.decision': labels.decision,
    'http.request.method': labels.method,
    'network.protocol.version': protocol === '2.0' ? '2' : protocol,
    ...(route !== undefined && { 'http.route': route }),
    ...statusAttribute(status),
    ...(reason !== undefined && { 'expectation.reason': reason }),
    ...(typeof status === 'number' && status >= 500 && { 'error.type': String(status) }),
  }
}

/** An integer by the HTTP semantic conventions: where there is none that means something, it is left out. */
function statusAttribute(status: ExchangeLabels['status']): Attributes {
  return typeof status === 'number' ? { 'http.response.status_code': status } : {}
}
