// An upload that is accepted at an address that nobody has made is the last one, whichever it is.

import http from 'node:http'
import http2 from 'node:http2'
import { doctor } from '@expectation/doctor'
import { certificate } from '../support/certificate.js'
import { serve } from '../support/server.js'
import { listening } from './listening.js'

jest.setTimeout(30_000)

type Asked = Pick<http.IncomingMessage, 'headers' | 'httpVersion' | 'method'>

const lengthOf = ({ headers }: Asked): number => Number(headers['content-length'] ?? 0)

/** Which upload is taken: all others are refused from the head. */
const takes: readonly (readonly [string, string, (request: Asked) => boolean])[] = [
  ['asked', 'with Expect', ({ headers }) => headers.expect === '100-continue'],
  ['plain', 'without Expect', ({ headers }) => headers.expect === undefined],
  ['blind', 'without Expect, written at once,', (request) => lengthOf(request) === 4 * 1024 * 1024],
  [
    'unknown',
    'with an expectation that nobody knows',
    ({ headers }) => /^exp/.test(headers.expect ?? ''),
  ],
  ['loose', 'with Expect: y 100-continue', ({ headers }) => /^y/.test(headers.expect ?? '')],
  ['http10', 'over HTTP/1.0', ({ httpVersion }) => httpVersion === '1.0'],
  ['huge', 'of 100 TB', (request) => lengthOf(request) > 1e12],
]

test.each(takes)('%s is accepted: no upload follows', async (probe, words, isTaken) => {
  const taken: string[] = []
  const server = http.createServer()
  for (const event of ['request', 'checkContinue', 'checkExpectation']) {
    server.on(event, (request: http.IncomingMessage, response: http.ServerResponse) => {
      const stores = request.method === 'PUT' && isTaken(request)
      if (stores) taken.push(request.headers.expect ?? 'none')
      if (!stores) return void response.writeHead(404, { Connection: 'close' }).end()
      // None of the huge one comes.
      const answer = (): void => void response.writeHead(201, { Connection: 'close' }).end()
      if (lengthOf(request) > 1e12) return answer()
      if (request.headers.expect !== undefined) response.writeContinue()
      request.resume().on('end', answer)
    })
  }
  const { url } = await serve(server)
  const accepts = 'PUT /take'
  const { findings, probes, facts } = await doctor(url, { accepts, timeoutMs: 2_000 })
  expect(taken).toHaveLength(1)
  expect(probes.at(-1)).toMatchObject({ name: probe, ending: 'accepted' })
  expect(facts).toMatchObject({ 'target.accepted': 201, 'target.upload': words })
  expect(findings[0]).toMatchObject({ level: 'fault' })
  expect(findings.find(({ id }) => id === 'D1701')?.sentence).toContain(`An upload ${words} to an`)
  // "A refusal reaches …" is not said of what was accepted.
  if (probe === 'blind') expect(findings.map(({ id }) => id)).not.toContain('D302')
})

test('http2 is accepted: the run ends with it', async () => {
  const server = http2.createSecureServer({ ...certificate, allowHTTP1: true })
  for (const event of ['request', 'checkContinue', 'checkExpectation']) {
    server.on(event, (request: http2.Http2ServerRequest, response: http2.Http2ServerResponse) => {
      const second = request.httpVersion === '2.0'
      response.writeHead(second ? 200 : 404, second ? {} : { Connection: 'close' }).end()
    })
  }
  const { port } = await listening(server)
  const options = { insecure: true, accepts: 'PUT /take', timeoutMs: 1_000 }
  const { findings, probes } = await doctor(`https://127.0.0.1:${port}`, options)
  expect(probes.at(-1)?.name).toBe('http2')
  expect(findings.find(({ id }) => id === 'D1701')?.sentence).toContain('over HTTP/2')
})
