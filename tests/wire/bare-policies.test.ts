// A bare server's policies by path and method, and the fields of its gate's answers.

import http from 'node:http'
import { OptionError } from '@expectation/core'
import { attach } from '@expectation/core/node'
import { afterThisTest } from '../support/cleanup.js'
import { RawClient } from '../support/raw-client.js'
import { checkBody } from '../support/refusal.js'
import { chunks, head } from '../support/request.js'
import { type Running, serve } from '../support/server.js'
import { contentOf } from '../support/uploads.js'

async function running(): Promise<Running> {
  const server = http.createServer((request, response) => {
    contentOf(request).then(
      (text) => response.end(text),
      () => undefined,
    )
  })
  attach(server, {
    maxContentLength: 4,
    headers: (seen) => ({ 'Access-Control-Allow-Origin': String(seen.headers.origin ?? '*') }),
    policies: [{ path: '/large/*', method: 'PUT', maxContentLength: 8 }],
  })
  return await serve(server)
}

test.each([
  ['PUT', '/other', 5, 413],
  ['PUT', '/large/a', 8, 200],
  ['PUT', '/large/a', 9, 413],
  ['POST', '/large/a', 5, 413],
])('%s %s with %d bytes: %d, declared and counted', async (method, target, bytes, status) => {
  const server = await running()
  const content = 'x'.repeat(bytes)
  for (const chunked of [false, true]) {
    const client = await RawClient.connect(server)
    const framed = chunked ? { chunked } : { length: bytes }
    client.send(head({ method, target, ...framed }) + (chunked ? chunks(content) : content))
    const response = await client.final()
    if (status === 413) checkBody(response, 413, 'content_too_large')
    expect([response.status, response.field('access-control-allow-origin')]).toEqual([
      status,
      status === 413 ? '*' : undefined,
    ])
  }
})

test.each<[string, () => unknown]>([
  ['throws', () => Reflect.apply(JSON.parse, undefined, ['{'])],
  ['is asynchronous', async () => ({ 'X-Late': 'yes' })],
  ['gives framing', () => ({ 'Content-Length': '1' })],
])('fields of a function that %s are left out, and it is warned of once', async (_how, headers) => {
  const warn = jest.spyOn(process, 'emitWarning').mockImplementation(() => undefined)
  afterThisTest(() => warn.mockRestore())
  const server = http.createServer()
  // What is tested is a caller without types.
  attach(server, { maxContentLength: 4, headers: headers as () => undefined })
  const started = await serve(server)
  for (let turn = 0; turn < 2; turn += 1) {
    const client = await RawClient.connect(started)
    const response = await client.send(head({ method: 'PUT', target: '/', length: 5 })).final()
    checkBody(response, 413, 'content_too_large')
    expect(response.field('x-late')).toBeUndefined()
  }
  const code = { code: 'EXPECTATION_WRN_OBSERVER' }
  expect(warn.mock.calls).toEqual([[expect.stringMatching(/^headers failed: \w+Error: /), code]])
})

test('a wrong policy throws where it is written', () => {
  const server = http.createServer()
  expect(() => attach(server, { policies: [{ path: 'files' }] })).toThrow(/policies\[0\]\.path/)
  expect(() => attach(server, { policies: [{ maxContentLength: -1 }] })).toThrow(/maxContentLength/)
})

test.each([
  [null, 'options'],
  [5, 'options'],
  [[], 'options'],
  [{ policy: [] }, 'policies'],
  [{ cors: '*' }, 'headers'],
  [{ policies: [{ paths: '/files' }] }, 'path'],
  [{ headers: { 'Transfer-Encoding': 'chunked' } }, 'headers'],
])('%j throws where it is written, and names %s', (wrong, named) => {
  const server = http.createServer()
  expect(() => attach(server, wrong as object)).toThrow(OptionError)
  expect(() => attach(server, wrong as object)).toThrow(new RegExp(`\\b${named}\\b`))
  expect(server.listenerCount('checkContinue')).toBe(0)
})
