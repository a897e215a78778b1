// Law 0, and spans: tracing adds its fields to the heads that go out, here of `upload()` and of the gateway. It takes
// them for an object: of a list it made fields with the names 0, 1, 2, and what the caller had said was lost.

import http, { type IncomingHttpHeaders } from 'node:http'
import { upload } from '@expectation/client'
import { attach } from '@expectation/core/node'
import { gateway } from '@expectation/gateway'
import { propagation, SpanKind } from '@opentelemetry/api'
import { bare, serve } from '../support/server.js'
import { startTelemetry } from './support/telemetry.js'

const telemetry = startTelemetry({ outgoing: true })

beforeAll(() => {
  propagation.setGlobalPropagator({
    inject: (_context, carrier, setter) => setter.set(carrier, 'traceparent', 'told'),
    extract: (context) => context,
    fields: () => ['traceparent'],
  })
})

afterAll(() => propagation.disable())

beforeEach(() => telemetry.spans.reset())

interface Seen {
  readonly url: string
  readonly heads: readonly IncomingHttpHeaders[]
}

async function upstream(): Promise<Seen> {
  const heads: IncomingHttpHeaders[] = []
  const { url } = await bare((request, response) => {
    heads.push(request.headers)
    request.resume().on('end', () => response.end('stored'))
  })
  return { url, heads }
}

function clientSpans(): number {
  const spans = telemetry.spans.getFinishedSpans()
  return spans.filter(({ kind }) => kind === SpanKind.CLIENT).length
}

const told = { authorization: 'Bearer a', 'content-length': '5', traceparent: 'told' }

for (const expect100 of [false, true]) {
  test(`upload(), ${expect100 ? 'asking' : 'not asking'}: its fields arrive, and the trace`, async () => {
    const { url, heads } = await upstream()
    const headers = { Authorization: 'Bearer a' }
    const response = await upload(url, {
      body: Buffer.from('hello'),
      headers,
      expect: expect100,
    })
    expect(await response.text()).toBe('stored')
    expect(heads).toEqual([expect.objectContaining(told)])
    expect(heads[0]).not.toHaveProperty('0')
    expect(clientSpans()).toBe(1)
  })
}

test('the gateway: the fields of its client arrive, lines of one name too, and the trace', async () => {
  const { url, heads } = await upstream()
  const front = attach(http.createServer(gateway({ upstreams: [url] })))
  const { port } = await serve(front)
  const response = await fetch(`http://127.0.0.1:${port}/`, {
    method: 'PUT',
    body: 'hello',
    headers: [
      ['Authorization', 'Bearer a'],
      ['X-Many', '1'],
      ['X-Many', '2'],
    ],
  })
  expect(await response.text()).toBe('stored')
  expect(heads).toEqual([expect.objectContaining({ ...told, 'x-many': '1, 2' })])
  expect(heads[0]).not.toHaveProperty('0')
  expect(clientSpans()).toBe(1)
})
