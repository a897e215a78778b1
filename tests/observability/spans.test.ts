// What a trace shows of an upload: events on the span of its request, in their order, and a linger
// as a span below it, since it goes on when the request's span has ended.

import http from 'node:http'
import { attach } from '@expectation/core/node'
import { openTelemetry } from '@expectation/metrics'
import { SpanKind, SpanStatusCode } from '@opentelemetry/api'
import type { ReadableSpan } from '@opentelemetry/sdk-trace-node'
import { afterThisTest } from '../support/cleanup.js'
import { type Outcomes, outcomes } from '../support/outcomes.js'
import { RawClient } from '../support/raw-client.js'
import { asking } from '../support/request.js'
import { serve } from '../support/server.js'
import { uploads } from '../support/uploads.js'
import { eventsOf, startTelemetry } from './support/telemetry.js'

const telemetry = startTelemetry()
let told: Outcomes

beforeEach(() => {
  telemetry.spans.reset()
  told = outcomes()
  const observation = openTelemetry()
  afterThisTest(() => observation.stop())
})

function spanOf(kind: SpanKind): ReadableSpan {
  const span = telemetry.spans.getFinishedSpans().find((each) => each.kind === kind)
  if (span === undefined) throw new Error('There is no such span')
  return span
}

async function refused(port: number): Promise<void> {
  const client = await RawClient.connect({ port })
  await client.send(asking()).final()
  await client.fin()
  client.halfClose()
  await told.first()
}

test('a refusal: decided by what, refused with what, and the linger below it', async () => {
  const { app } = uploads({ maxContentLength: 1, onOutcome: told.onOutcome })
  await refused((await serve(app)).port)
  const request = spanOf(SpanKind.SERVER)
  expect(request.events.map(({ name, attributes }) => [name, attributes])).toEqual([
    ['expectation.decided', { 'expectation.decision': 'refuse', 'expectation.by': 'size' }],
    [
      'expectation.refused',
      { 'http.response.status_code': 413, 'expectation.reason': 'content_too_large' },
    ],
    ['expectation.connection.lingering', {}],
  ])
  const linger = spanOf(SpanKind.INTERNAL)
  expect(linger.name).toBe('expectation.connection.lingered')
  expect(linger.parentSpanContext?.spanId).toBe(request.spanContext().spanId)
  expect(linger.attributes).toEqual({
    'expectation.linger.end': 'peer-closed',
    'expectation.content.discarded': 0,
  })
  // A refusal is no fault of the server: 4xx leaves the status unset (HTTP semconv).
  expect(request.status.code).toBe(SpanStatusCode.UNSET)
})

test('an accepted upload: decided, then the 100', async () => {
  const { port } = await serve(uploads({ onOutcome: told.onOutcome }).app)
  const client = await RawClient.connect({ port })
  await client.send(asking()).continue()
  await client.send('hello').final()
  await told.first()
  expect(eventsOf(spanOf(SpanKind.SERVER))).toEqual([
    'expectation.decided',
    'expectation.continue_sent',
  ])
})

test('on a bare server, which decides before tracing begins the span, nothing is lost', async () => {
  const server = http.createServer((_request, response) => void response.end())
  attach(server, { maxContentLength: 1, onOutcome: told.onOutcome })
  await refused((await serve(server)).port)
  const { events } = spanOf(SpanKind.SERVER)
  expect(events.map(({ name }) => name)).toEqual([
    'expectation.decided',
    'expectation.refused',
    'expectation.connection.lingering',
  ])
  expect(spanOf(SpanKind.INTERNAL).parentSpanContext).toBeDefined()
})
