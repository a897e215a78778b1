// RFC 9110 section 15.2: an interim answer that is no 100 is no verdict. A client that asks goes on waiting.

import http2 from 'node:http2'
import { doctor } from '@expectation/doctor'
import { certificate } from '../support/certificate.js'
import { listening } from './listening.js'

jest.setTimeout(30_000)

/** Refuses uploads that ask with a 103 first, and with the 404 only when content comes. */
async function hinting(): Promise<string> {
  const server = http2.createSecureServer({ ...certificate, allowHTTP1: true })
  server.on('checkContinue', (request: http2.Http2ServerRequest, response) => {
    const refuse = (): void => void response.writeHead(404).end()
    response.writeEarlyHints({ link: '</a.css>; rel=preload; as=style' })
    if (request.headers['content-length'] === undefined) refuse()
    else request.once('data', refuse)
  })
  server.on('request', (_request, response) => response.writeHead(404).end())
  return `https://127.0.0.1:${(await listening(server)).port}`
}

test('103 alone: silent over HTTP/1.1 and HTTP/2, and told as no verdict', async () => {
  const report = await doctor(await hinting(), { insecure: true, timeoutMs: 1_500 })
  for (const name of ['asked', 'http2']) {
    expect(report.probes.find((probe) => probe.name === name)).toMatchObject({
      interim: [103],
      silent: true,
      status: 404,
    })
  }
  expect(report.findings.find(({ id }) => id === 'D104')?.sentence).toMatch(/ gets no verdict /)
})

test('law 11: 103 without an end over HTTP/2 is given up, and not all of it reported', async () => {
  const server = http2.createSecureServer({ ...certificate, allowHTTP1: true })
  server.on('request', (request, response) => {
    if (request.httpVersionMajor === 1) return void response.writeHead(404).end()
    const timer = setInterval(() => {
      if (request.stream.destroyed) clearInterval(timer)
      else for (let time = 0; time < 100; time += 1) response.writeEarlyHints({ link: '</a.css>' })
    }, 1)
  })
  const url = `https://127.0.0.1:${(await listening(server)).port}`
  const report = await doctor(url, { insecure: true, timeoutMs: 1_500 })
  expect(report.probes.find(({ name }) => name === 'http2')?.interim).toHaveLength(16)
})
