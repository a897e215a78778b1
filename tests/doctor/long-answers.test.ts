// An answer may be longer than the doctor reads: it is judged by its head, and its server not blamed.

import http from 'node:http'
import { doctor } from '@expectation/doctor'
import { serve } from '../support/server.js'

jest.setTimeout(60_000)

test.each([
  ['each is too long', 5_000_000],
  ['two on a kept connection are, together', 3_000_000],
])('%s: the findings are those of a short answer', async (_what, bytes) => {
  const reports = [5, bytes].map(async (size) => {
    const server = http.createServer((request, response) => {
      request.resume()
      response.writeHead(404, { 'Content-Length': size }).end(Buffer.alloc(size, 'a'))
    })
    return doctor((await serve(server)).url, { timeoutMs: 5_000 })
  })
  const [short, long] = await Promise.all(reports)
  const faults = (report = short) =>
    report?.findings.filter(({ level }) => level === 'fault').map(({ id }) => id)
  expect(faults(long)).toEqual(faults(short))
  expect(long?.probes.map(({ status }) => status)).toEqual(
    short?.probes.map(({ status }) => status),
  )
})

test('an answer whose content takes its time: its head is the verdict, and no more is sent', async () => {
  const server = http.createServer()
  const refuse = (_request: http.IncomingMessage, response: http.ServerResponse): void => {
    response.writeHead(404, { 'Content-Length': 2, Connection: 'close' }).flushHeaders()
    setTimeout(() => response.end('no'), 1_300)
  }
  for (const event of ['request', 'checkContinue', 'checkExpectation']) server.on(event, refuse)
  const { facts } = await doctor((await serve(server)).url, { timeoutMs: 5_000 })
  expect(facts).toMatchObject({
    'asked.ending': 'refused',
    'asked.silent': false,
    'asked.spent': 'nothing',
    'plain.spent': 'start',
    'huge.ending': 'refused',
  })
})
