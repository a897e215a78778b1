// One turn of the event loop, one system call: counted where Node hands bytes to the kernel.
import { once } from 'node:events'
import http from 'node:http'
import type { AddressInfo, Socket } from 'node:net'
import { GatheredWrites } from './gathered-writes.js'

const FIRST = Buffer.alloc(65_536)
const SMALL = Buffer.alloc(1000)

const turn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve))

const running = new Set<http.Server>()

afterEach(async () => {
  for (const server of running) {
    server.close()
    server.closeAllConnections()
    await once(server, 'close')
  }
  running.clear()
})

interface Opened {
  readonly request: http.ClientRequest
  /** How often Node was told to write, pieces together or one. */
  readonly calls: () => number
  readonly took: Promise<number>
}

async function opened(headers: http.OutgoingHttpHeaders): Promise<Opened> {
  let settle: (bytes: number) => void = () => undefined
  const took = new Promise<number>((resolve) => {
    settle = resolve
  })
  const server = http.createServer((incoming, response) => {
    let bytes = 0
    incoming.on('data', (piece: Buffer) => {
      bytes += piece.length
    })
    incoming.on('end', () => {
      response.end()
      settle(bytes)
    })
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  running.add(server)
  const { port } = server.address() as AddressInfo
  const request = http.request({ host: '127.0.0.1', port, method: 'PUT', headers })
  request.on('error', () => undefined)
  request.flushHeaders()
  const [socket] = (await once(request, 'socket')) as [Socket]
  await once(socket, 'connect')
  let calls = 0
  const { _write: one, _writev: several } = socket
  socket._write = (...given) => {
    calls += 1
    one.apply(socket, given)
  }
  socket._writev = (...given) => {
    calls += 1
    several?.apply(socket, given)
  }
  return { request, calls: () => calls, took }
}

test.each([
  ['with a length', { 'Content-Length': FIRST.length + 50 * SMALL.length }],
  ['in chunks', {}],
])('the first bytes go at once; pieces of one turn go by one call, %s', async (_how, headers) => {
  const { request, calls, took } = await opened(headers)
  const writes = new GatheredWrites(request)
  writes.write(FIRST)
  while (request.writableLength > 0) await turn()
  const before = calls()
  expect(before).toBeGreaterThan(0)
  for (let at = 0; at < 50; at += 1) expect(writes.write(SMALL)).toBe(true)
  expect(calls()).toBe(before)
  await turn()
  await turn()
  expect(calls()).toBe(before + 1)
  writes.flush()
  request.end()
  expect(await took).toBe(FIRST.length + 50 * SMALL.length)
})

test('what is gathered has a bound', async () => {
  const { request, calls } = await opened({ 'Content-Length': 2 ** 30 })
  const writes = new GatheredWrites(request)
  writes.write(FIRST)
  while (request.writableLength > 0) await turn()
  const before = calls()
  for (let at = 0; at < 600; at += 1) writes.write(SMALL)
  expect(calls()).toBeGreaterThan(before)
})
