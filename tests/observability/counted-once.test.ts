// Two modules of an application may each set up metrics: nothing is counted, and no span told, twice, and
// one that stops takes nothing from the other.

import { openTelemetry, prometheus, type Stoppable } from '@expectation/metrics'
import { SpanKind } from '@opentelemetry/api'
import {
  AggregationTemporality,
  InMemoryMetricExporter,
  MeterProvider,
  PeriodicExportingMetricReader,
} from '@opentelemetry/sdk-metrics'
import { Registry } from 'prom-client'
import { afterThisTest } from '../support/cleanup.js'
import { outcomes } from '../support/outcomes.js'
import { RawClient } from '../support/raw-client.js'
import { asking } from '../support/request.js'
import { serve } from '../support/server.js'
import { uploads } from '../support/uploads.js'
import { prometheusLedger } from './support/prometheus-ledger.js'
import { eventsOf, startTelemetry } from './support/telemetry.js'
import { telemetryLedger } from './support/telemetry-ledger.js'

const telemetry = startTelemetry()
const KEY = 'decisions refuse PUT none 413 content_too_large'
const REFUSED = [
  'expectation.decided',
  'expectation.refused',
  'expectation.connection.lingering',
] as const

async function refuseOne(): Promise<void> {
  const told = outcomes()
  const { port } = await serve(uploads({ maxContentLength: 1, onOutcome: told.onOutcome }).app)
  const client = await RawClient.connect({ port })
  await client.send(asking()).final()
  await client.fin()
  client.halfClose()
  await told.first()
}

async function exported(): Promise<number> {
  return telemetryLedger(await telemetry.metrics()).get(KEY) ?? 0
}

/** Of every request since the last reset. */
function spans(kind: SpanKind) {
  return telemetry.spans.getFinishedSpans().filter((span) => span.kind === kind)
}

function begun<Begun extends readonly Stoppable[]>(...all: Begun): Begun {
  for (const each of all) afterThisTest(() => each.stop())
  return all
}

beforeEach(() => telemetry.spans.reset())

test('OpenTelemetry, asked for twice: counted and told once, until the last one stops', async () => {
  const [first, second] = begun(openTelemetry(), openTelemetry())
  const before = await exported()
  await refuseOne()
  expect((await exported()) - before).toBe(1)
  expect(spans(SpanKind.SERVER).map(eventsOf)).toEqual([REFUSED])
  expect(spans(SpanKind.INTERNAL)).toHaveLength(1)
  first.stop()
  first.stop()
  await refuseOne()
  expect((await exported()) - before).toBe(2)
  second.stop()
  await refuseOne()
  expect((await exported()) - before).toBe(2)
})

test('a meter beside the global one: each counts, and the span is told once', async () => {
  const exporter = new InMemoryMetricExporter(AggregationTemporality.CUMULATIVE)
  const reader = new PeriodicExportingMetricReader({ exporter, exportIntervalMillis: 60_000 })
  const provider = new MeterProvider({ readers: [reader] })
  afterThisTest(() => provider.shutdown())
  const meter = () => provider.getMeter('uploads')
  begun(openTelemetry(), openTelemetry(meter()), openTelemetry(meter()))
  const before = await exported()
  await refuseOne()
  await reader.forceFlush()
  const own =
    exporter
      .getMetrics()
      .at(-1)
      ?.scopeMetrics.flatMap((scope) => scope.metrics) ?? []
  expect(telemetryLedger(own).get(KEY)).toBe(1)
  expect((await exported()) - before).toBe(1)
  expect(spans(SpanKind.SERVER).map(eventsOf)).toEqual([REFUSED])
})

test('who began before a register was cleared, and stops now, takes nothing from who began after', async () => {
  const register = new Registry()
  const [before] = begun(prometheus(register))
  register.clear()
  begun(prometheus(register))
  before.stop()
  await refuseOne()
  expect((await prometheusLedger(register)).get(KEY)).toBe(1)
})
