// A server that goes away in the middle of a run: what was found is told, and no verdict is given about
// requests that were never made.

import http from 'node:http'
import https from 'node:https'
import net from 'node:net'
import { DoctorError, doctor, doctorBehind, type Report, reportSchema } from '@expectation/doctor'
import Ajv2020 from 'ajv/dist/2020.js'
import { certificate } from '../support/certificate.js'
import { afterThisTest } from '../support/cleanup.js'
import { freePort } from '../support/free-port.js'
import { serve } from '../support/server.js'

jest.setTimeout(30_000)

const valid = new Ajv2020().compile(reportSchema)

function refusing(server: http.Server | https.Server): http.Server | https.Server {
  for (const event of ['request', 'checkContinue', 'checkExpectation']) {
    server.on(event, (_request: http.IncomingMessage, response: http.ServerResponse) => {
      response.writeHead(404, { Connection: 'close' }).end()
    })
  }
  return server
}

/** Hands the first connections on to a server, and resets those that come later. */
async function resettingAfter(count: number, inner: net.Server): Promise<number> {
  let connections = 0
  const server = net.createServer((socket) => {
    connections += 1
    if (connections <= count) inner.emit('connection', socket)
    else socket.resetAndDestroy()
  })
  return listening(server)
}

async function listening(server: net.Server): Promise<number> {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  afterThisTest(() => void server.close())
  return (server.address() as net.AddressInfo).port
}

function failed(report: Report, id: string): void {
  expect(report.findings.map((each) => each.id)).toContain(id)
  expect({ valid: valid(report), errors: valid.errors }).toEqual({ valid: true, errors: null })
  const unmade = report.probes.filter(({ transcript }) =>
    transcript.some(({ text }) => text.startsWith('no connection: ')),
  )
  // Two in turn are enough to see that nobody is there any longer.
  expect(unmade.map(({ name }) => name)).toEqual(report.probes.slice(-2).map(({ name }) => name))
  for (const { ending, connection, status } of unmade) {
    expect({ ending, connection, status }).toEqual({ ending: 'none', connection: 'cut' })
  }
  const questions = unmade.map(({ name }) => name)
  // A fact of such a request would be one that nobody has seen.
  for (const fact of Object.keys(report.facts)) {
    expect(questions).not.toContain(fact.split('.')[0])
  }
}

test('a server that ends in the middle: a report, and not "is this its port?"', async () => {
  const server = refusing(http.createServer()) as http.Server
  const asked: string[] = []
  const onProbe = (name: string): void => {
    asked.push(name)
    if (name === 'blind') server.close()
  }
  const { url } = await serve(server)
  const report = await doctor(url, { onProbe, timeoutMs: 1_000 })
  failed(report, 'D1801')
  expect(report.facts['connections.why']).toBe('ECONNREFUSED')
  expect(report.requests).toBe(3)
  expect(report.findings.map(({ id }) => id)).toEqual(expect.arrayContaining(['D105', 'D204']))
  expect(report.well).toBe(false)
})

test('TLS that was spoken is not denied when connections are reset later', async () => {
  const port = await resettingAfter(4, refusing(https.createServer(certificate)))
  const report = await doctor(`https://127.0.0.1:${port}`, { insecure: true, timeoutMs: 1_000 })
  failed(report, 'D1801')
  expect(report.requests).toBe(3)
})

test.each([
  ['resets', (socket: net.Socket) => void socket.resetAndDestroy()],
  ['ends', (socket: net.Socket) => void socket.end()],
])('who %s the connection in the handshake is not said to have no TLS', async (_how, leave) => {
  const port = await listening(
    net.createServer((socket) => {
      socket.on('error', () => undefined)
      socket.once('data', () => leave(socket))
    }),
  )
  const url = `https://127.0.0.1:${port}`
  for (const run of [doctor(url), doctorBehind(url, { origin: await freePort() })]) {
    await expect(run).rejects.toBeInstanceOf(DoctorError)
    await expect(run).rejects.toMatchObject({
      code: 'not_http',
      message: expect.stringMatching(
        / ends the connection before it answers\. If it does not speak/,
      ),
    })
  }
})

test('a server that is away for one connection is asked on', async () => {
  let connections = 0
  const inner = refusing(https.createServer(certificate))
  const server = net.createServer((socket) => {
    connections += 1
    if (connections === 4) socket.resetAndDestroy()
    else inner.emit('connection', socket)
  })
  const url = `https://127.0.0.1:${await listening(server)}`
  const { facts, probes } = await doctor(url, { insecure: true, timeoutMs: 1_000 })
  expect(facts).toMatchObject({ 'connections.failed': 1, 'connections.not': 'plain' })
  expect(facts).not.toHaveProperty(['plain.ending'])
  expect(probes.at(-1)).toMatchObject({ name: 'get', status: 404 })
})

test('a proxy that ends in the middle, from both ends', async () => {
  const origin = await freePort()
  const proxy = http.createServer((request, response) => {
    request.on('error', () => undefined)
    const { method, url: path, headers } = request
    const onward = http.request({ port: origin, host: '127.0.0.1', method, path, headers })
    onward.on('error', () => response.destroy())
    onward.on('response', (answer) => {
      response.writeHead(answer.statusCode ?? 502, { ...answer.headers, connection: 'close' })
      answer.pipe(response)
    })
    request.pipe(onward)
  })
  const onProbe = (name: string): void => {
    if (name === 'early') proxy.close()
  }
  const { url } = await serve(proxy)
  const report = await doctorBehind(url, { origin, onProbe, timeoutMs: 1_000 })
  failed(report, 'B1101')
  expect(report.probes).toHaveLength(5)
})
