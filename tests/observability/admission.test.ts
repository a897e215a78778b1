// What admission does, as Prometheus and OpenTelemetry count it: levels are those of the process, by the
// name of the pool, and labels are of bounded number.

import { admission, redisStore } from '@expectation/admission'
import { openTelemetry, prometheus } from '@expectation/metrics'
import {
  AggregationTemporality,
  InMemoryMetricExporter,
  MeterProvider,
  PeriodicExportingMetricReader,
} from '@opentelemetry/sdk-metrics'
import { Registry } from 'prom-client'
import { ask, giveBack, granted, refused } from '../admission/support/asking.js'
import { afterThisTest } from '../support/cleanup.js'

function counted(): Registry {
  const register = new Registry()
  const counting = prometheus(register)
  afterThisTest(() => counting.stop())
  return register
}

const lineOf = (name: string, labels: string, value: number) =>
  `expectation_admission_${name}{${labels}} ${value}\n`

test('levels follow what is held, and refusals have their reason', async () => {
  const register = counted()
  const uploads = admission({ slots: 1 })
  const grant = await granted(uploads, 500)
  await ask(uploads, 1)
  const text = await register.metrics()
  expect(text).toContain(lineOf('granted_total', 'pool="memory"', 1))
  expect(text).toContain(lineOf('refused_total', 'pool="memory",reason="uploads_at_capacity"', 1))
  expect(text).toContain(lineOf('held_slots', 'pool="memory"', 1))
  expect(text).toContain(lineOf('held_bytes', 'pool="memory"', 500))
  // A pool in memory has no store that could be away.
  expect(text).not.toContain('store_up{')
  giveBack(grant)
  const after = await register.metrics()
  expect(after).toContain(lineOf('held_slots', 'pool="memory"', 0))
  expect(after).toContain(lineOf('held_bytes', 'pool="memory"', 0))
  expect(after).toContain(lineOf('hold_seconds_count', 'pool="memory"', 1))
})

test('two admissions whose pools have one name are counted together', async () => {
  const register = counted()
  const pictures = admission({ slots: 5 })
  const videos = admission({ slots: 5 })
  const held = [await granted(pictures, 10), await granted(pictures, 10), await granted(videos, 7)]
  const text = await register.metrics()
  expect(text).toContain(lineOf('held_slots', 'pool="memory"', 3))
  expect(text).toContain(lineOf('held_bytes', 'pool="memory"', 27))
  giveBack(...held)
  expect(await register.metrics()).toContain(lineOf('held_slots', 'pool="memory"', 0))
})

test('a store that cannot be asked is down from the first question on', async () => {
  const register = counted()
  const nobody = () => Promise.reject(new Error('nobody is there'))
  const uploads = admission({ store: redisStore(nobody, { pool: 'far' }) })
  afterThisTest(() => uploads.close())
  await refused(uploads)
  const text = await register.metrics()
  expect(text).toContain(lineOf('store_up', 'pool="far"', 0))
  expect(text).toMatch(/expectation_admission_store_failures_total\{pool="far"\} [1-9]/)
  expect(text).toContain(lineOf('refused_total', 'pool="far",reason="admission_unavailable"', 1))
})

test('uploads that wait are counted while they do', async () => {
  const register = counted()
  const uploads = admission({ slots: 1, waitMs: 700 })
  const held = await granted(uploads)
  const waiting = [granted(uploads), granted(uploads), granted(uploads)]
  expect(await register.metrics()).toContain(lineOf('waiting', 'pool="memory"', 3))
  giveBack(held)
  for (const one of waiting) giveBack(await one)
  expect(await register.metrics()).toContain(lineOf('waiting', 'pool="memory"', 0))
})

test('nothing is counted as held once it is closed, though uploads are still under way', async () => {
  const register = counted()
  const uploads = admission({ slots: 2 })
  const held = await granted(uploads, 500)
  await uploads.close({ drainMs: 1 })
  expect(await register.metrics()).toContain(lineOf('held_slots', 'pool="memory"', 0))
  expect(await register.metrics()).toContain(lineOf('held_bytes', 'pool="memory"', 0))
  giveBack(held)
})

function telemetry() {
  const exporter = new InMemoryMetricExporter(AggregationTemporality.CUMULATIVE)
  const reader = new PeriodicExportingMetricReader({ exporter, exportIntervalMillis: 3_600_000 })
  const provider = new MeterProvider({ readers: [reader] })
  afterThisTest(() => provider.shutdown())
  const values = async () => {
    await reader.forceFlush()
    const scopes = exporter.getMetrics().at(-1)?.scopeMetrics ?? []
    return Object.fromEntries(
      scopes
        .flatMap(({ metrics }) => metrics)
        .filter(({ descriptor }) => descriptor.name.startsWith('expectation.admission.'))
        .flatMap(({ descriptor, dataPoints }) =>
          dataPoints.map(({ value, attributes }) => [
            `${descriptor.name} ${Object.values(attributes).join(' ')}`,
            value,
          ]),
        ),
    ) as Readonly<Record<string, unknown>>
  }
  return { provider, values }
}

test('OpenTelemetry counts the same', async () => {
  const { provider, values } = telemetry()
  const counting = openTelemetry(provider.getMeter('test'))
  afterThisTest(() => counting.stop())
  const uploads = admission({ slots: 1 })
  const grant = await granted(uploads, 500)
  await refused(uploads, 1)
  expect(await values()).toMatchObject({
    'expectation.admission.granted memory': 1,
    'expectation.admission.refused memory uploads_at_capacity': 1,
    'expectation.admission.held.slots memory': 1,
    'expectation.admission.held.bytes memory': 500,
  })
  giveBack(grant)
  expect(await values()).toMatchObject({
    'expectation.admission.held.slots memory': 0,
    'expectation.admission.held.bytes memory': 0,
    'expectation.admission.hold.duration memory': { count: 1 },
  })
})

test('what is held when OpenTelemetry is stopped is not counted twice by who begins again', async () => {
  const { provider, values } = telemetry()
  const uploads = admission({ slots: 2 })
  const first = openTelemetry(provider.getMeter('test'))
  const grants = [await granted(uploads, 500)]
  first.stop()
  first.stop()
  expect(await values()).toMatchObject({ 'expectation.admission.held.slots memory': 0 })
  const second = openTelemetry(provider.getMeter('test'))
  afterThisTest(() => second.stop())
  grants.push(await granted(uploads, 7))
  expect(await values()).toMatchObject({
    'expectation.admission.held.slots memory': 2,
    'expectation.admission.held.bytes memory': 507,
  })
  giveBack(...grants)
})
