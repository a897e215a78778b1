// A report is made to be passed on: no secret of the caller, and none of an answer, is in it.

import http from 'node:http'
import http2 from 'node:http2'
import net from 'node:net'
import { doctor, type Report } from '@expectation/doctor'
import { certificate } from '../support/certificate.js'
import { serve } from '../support/server.js'
import { listening } from './listening.js'

jest.setTimeout(30_000)

const FIELDS = {
  Authorization: 'Bearer bearer-hidden',
  'X-Auth': 'auth-hidden',
  'X-Password': 'pw-hid',
  Cookie: 'sid=cookie-hidden; theme=dark',
  Host: 'host-hidden.example',
  'Content-Type': 'type/hidden',
  'X.Pattern+': 'pattern-hidden',
}
const QUERY = 'sig=query-hidden&name=caf%C3%A9-hidden'
const HIDDEN = /hid/

function hides(report: Report): void {
  expect(JSON.stringify(report)).not.toMatch(HIDDEN)
}

const bytes = ({ probes }: Report): string =>
  probes.flatMap(({ transcript }) => transcript.map(({ text }) => text)).join('\n')

test('the value of every field that was given, and the query, HTTP/1.1 and HTTP/2', async () => {
  const server = http2.createSecureServer({ ...certificate, allowHTTP1: true })
  for (const event of ['request', 'checkContinue', 'checkExpectation']) {
    server.on(event, (request: http2.Http2ServerRequest, response: http2.Http2ServerResponse) => {
      response.writeHead(404, request.httpVersion === '2.0' ? {} : { Connection: 'close' }).end()
    })
  }
  const url = `https://127.0.0.1:${(await listening(server)).port}/files?${QUERY}`
  const accepts = `PUT /take?${QUERY}`
  const options = { headers: FIELDS, accepts, insecure: true, desync: true, timeoutMs: 1_000 }
  const report = await doctor(url, options)
  hides(report)
  expect(report.target).toMatch(/\/none\?\*\*\*$/)
  expect(report.probes.map(({ name }) => name)).toEqual(
    expect.arrayContaining(['http2', 'accepts', 'desync']),
  )
  for (const { request } of report.probes) expect(request).toMatch(/\?\*\*\* HTTP\/(1\.[01]|2)$/)
  // Names stay, and what is not the caller's.
  expect(bytes(report)).toMatch(/^X-Auth: \*\*\*\r?$/m)
  expect(bytes(report)).toMatch(/^x-auth: \*\*\*\r?$/m)
  expect(bytes(report)).toMatch(/^X\.Pattern\+: \*\*\*\r?$/m)
  expect(bytes(report)).toMatch(/^Expect: 100-continue\r?$/m)
})

test('what a server sends back of them: fields, text, Location', async () => {
  const server = http.createServer((request, response) => {
    const { authorization = '', cookie = '', 'x-auth': auth = '' } = request.headers
    const token = authorization.replace('Bearer ', '')
    const location = `https://example.com${request.url}`
    response.writeHead(307, { Location: location, 'X-Echo': `${auth}`, Connection: 'close' })
    response.end(`no ${token} of ${cookie} with query-hidden, caf\u00e9-hidden is known`)
  })
  const { url } = await serve(server)
  const { Host: _host, 'X-Password': _short, ...headers } = FIELDS
  const report = await doctor(`${url}/files?${QUERY}`, { headers, timeoutMs: 1_000 })
  hides(report)
  expect(report.facts['target.location']).toMatch(/\/none\?\*\*\*$/)
  expect(bytes(report)).toMatch(/^X-Echo: \*\*\*\r?$/m)
})

/** Answers in pieces, each in a packet of its own. */
async function inPieces(pieces: readonly string[]): Promise<string> {
  const server = net.createServer({ noDelay: true }, (socket) => {
    socket.once('data', async () => {
      for (const piece of pieces) {
        socket.write(piece, 'latin1')
        await new Promise((resolve) => setTimeout(resolve, 10))
      }
      socket.end()
    })
  })
  return `http://127.0.0.1:${(await listening(server)).port}`
}

const REST = '\r\nConnection: close\r\nContent-Length: 0\r\n\r\n'
const split: readonly (readonly [string, readonly string[]])[] = [
  ['in its value', ['HTTP/1.1 404 No\r\nSet-Cookie: id=hid', `den; Path=/hidden${REST}`]],
  ['in its name', ['HTTP/1.1 404 No\r\nSet-Coo', `kie: id=hidden${REST}`]],
  ['behind its colon', ['HTTP/1.1 404 No\r\nX-Api-Key:', ` hidden${REST}`]],
  ['between its CR and LF', ['HTTP/1.1 404 No\r', `\nX-Token: hidden${REST}`]],
  ['in a value of the caller', ['HTTP/1.1 404 No\r\nX-Echo: auth-hi', `dden${REST}`]],
]

test.each(split)('a field that is split %s over two reads', async (_where, pieces) => {
  const url = await inPieces(pieces)
  const report = await doctor(url, { headers: { 'X-Auth': 'auth-hidden' }, timeoutMs: 500 })
  hides(report)
  expect(bytes(report)).toMatch(/: ?\*\*\*/)
  expect(bytes(report)).toContain('Connection: close')
})

test('a value that the end of what is kept cuts off', async () => {
  const head = 'HTTP/1.1 404 No\r\nConnection: close\r\n\r\n'
  const filled = `${head}${'x'.repeat(4_096 - head.length - 7)}auth-hidden and more`
  const url = await inPieces([filled])
  const report = await doctor(url, { headers: { 'X-Auth': 'auth-hidden' }, timeoutMs: 500 })
  expect(bytes(report)).toMatch(/x\*\*\*$/m)
  hides(report)
})

test('a secret in an answer that cannot be read', async () => {
  const url = await inPieces([`HTTP/1.1 404 No\r\nSet-Cookie : id=hidden${REST}`])
  const report = await doctor(url, { timeoutMs: 500 })
  expect(report.facts['answers.malformed']).toBe(true)
  hides(report)
})
