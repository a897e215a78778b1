// The order in which an application sets things up must not matter: openTelemetry() before the SDK
// counts from the moment there is one, and what is up then is up in its gauges.

import { openTelemetry } from '@expectation/metrics'
import { metrics } from '@opentelemetry/api'
import {
  AggregationTemporality,
  InMemoryMetricExporter,
  MeterProvider,
  PeriodicExportingMetricReader,
} from '@opentelemetry/sdk-metrics'
import { afterThisTest } from '../support/cleanup.js'
import { outcomes } from '../support/outcomes.js'
import { RawClient } from '../support/raw-client.js'
import { asking } from '../support/request.js'
import { latch, serve, within } from '../support/server.js'
import { uploads } from '../support/uploads.js'

async function values(
  reader: PeriodicExportingMetricReader,
  exporter: InMemoryMetricExporter,
  name: string,
): Promise<readonly unknown[]> {
  await reader.forceFlush()
  return exporter
    .getMetrics()
    .at(-1)
    ?.scopeMetrics.flatMap((scope) => scope.metrics)
    .filter(({ descriptor }) => descriptor.name === name)
    .flatMap(({ dataPoints }) => dataPoints.map(({ value }) => value)) as readonly unknown[]
}

test('openTelemetry() before the SDK: counted from then on, with what is pending', async () => {
  metrics.disable()
  const counting = openTelemetry()
  afterThisTest(() => counting.stop())
  const asked = latch()
  const answer = latch()
  const told = outcomes()
  const checks = [
    () => {
      asked.open()
      return answer.opened
    },
  ]
  const options = { checks, checkTimeoutMs: 30_000, onOutcome: told.onOutcome }
  const running = await serve(uploads(options).app)
  const client = await RawClient.connect(running)
  client.send(asking())
  await within('the check', asked.opened)

  const exporter = new InMemoryMetricExporter(AggregationTemporality.CUMULATIVE)
  const reader = new PeriodicExportingMetricReader({ exporter, exportIntervalMillis: 60_000 })
  const provider = new MeterProvider({ readers: [reader] })
  metrics.setGlobalMeterProvider(provider)
  afterThisTest(async () => {
    metrics.disable()
    await provider.shutdown()
  })

  answer.open()
  await client.continue()
  await client.send('hello').final()
  await told.first()
  expect(await values(reader, exporter, 'expectation.decisions')).toEqual([1])
  expect(await values(reader, exporter, 'expectation.decision.pending')).toEqual([0])
})
