// HTTP semantic conventions, http.response.status_code: an integer. A status that is none of HTTP's has no
// value there, and is left out.

import { once } from 'node:events'
import http from 'node:http'
import { attach } from '@expectation/core/node'
import { openTelemetry } from '@expectation/metrics'
import {
  AggregationTemporality,
  InMemoryMetricExporter,
  MeterProvider,
  PeriodicExportingMetricReader,
} from '@opentelemetry/sdk-metrics'
import { afterThisTest } from '../support/cleanup.js'
import { outcomes } from '../support/outcomes.js'
import { serve } from '../support/server.js'

test('a status beyond 599 is no attribute of its decision (RFC 9110 15)', async () => {
  const exporter = new InMemoryMetricExporter(AggregationTemporality.CUMULATIVE)
  const reader = new PeriodicExportingMetricReader({ exporter, exportIntervalMillis: 3_600_000 })
  const provider = new MeterProvider({ readers: [reader] })
  const counting = openTelemetry(provider.getMeter('test'))
  afterThisTest(async () => {
    counting.stop()
    await provider.shutdown()
  })
  const told = outcomes()
  const server = http.createServer((request, response) => {
    response.writeHead(Number(request.url?.slice(1))).end()
  })
  attach(server, { onOutcome: told.onOutcome })
  const running = await serve(server)
  for (const status of [204, 700]) {
    const path = `/${status}`
    const request = http.request({ port: running.port, host: '127.0.0.1', method: 'PUT', path })
    request.end('x')
    const [response] = (await once(request, 'response')) as [http.IncomingMessage]
    response.resume()
    expect(response.statusCode).toBe(status)
    await once(response, 'end')
  }
  await told.reach(2)
  await reader.forceFlush()
  const points = exporter
    .getMetrics()
    .flatMap(({ scopeMetrics }) => scopeMetrics.flatMap(({ metrics }) => metrics))
    .filter(({ descriptor }) => descriptor.name === 'expectation.decisions')
    .flatMap(({ dataPoints }) => dataPoints.map(({ attributes }) => attributes))
  expect(points.map((of) => of['http.response.status_code'])).toEqual([204, undefined])
})
