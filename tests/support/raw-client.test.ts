// The tests' own instrument, tried on servers that are known to be right or wrong.
import http from 'node:http'
import type { AddressInfo } from 'node:net'
import net from 'node:net'
import { afterThisTest } from './cleanup.js'
import { RawClient } from './raw-client.js'
import { asking, chunks, head } from './request.js'
import { bare } from './server.js'

/** A server that sends these bytes to whoever connects, and then does as told. */
async function speaking(bytes: string, then: (socket: net.Socket) => void): Promise<number> {
  const server = net.createServer((socket) => {
    socket.on('error', () => undefined)
    socket.write(bytes, 'latin1', () => then(socket))
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  afterThisTest(() => void server.close())
  return (server.address() as AddressInfo).port
}

const stay = (): void => undefined

test('an interim and a final response are two, and a kept connection serves again', async () => {
  const client = await RawClient.connect(
    await bare((req, res) => {
      req.on('data', stay).on('end', () => res.end('ok'))
    }),
  )
  client.send(asking())
  await client.continue()
  client.send('12345')
  const response = await client.final()
  expect([response.status, response.text, response.framing]).toEqual([200, 'ok', 'length'])
  client.send(head({ chunked: true }) + chunks('a', 'bc'))
  expect((await client.final()).text).toBe('ok')
  await client.quiet(10)
})

test('a second response after the first is seen, not swallowed', async () => {
  const one = 'HTTP/1.1 417 No\r\nContent-Length: 0\r\n\r\n'
  const client = await RawClient.connect({ port: await speaking(one + one, (s) => s.end()) })
  await client.final()
  expect(await client.fin()).toBe(one)
})

test('a reset is told from FIN', async () => {
  const port = await speaking('', (socket) => socket.once('data', () => socket.resetAndDestroy()))
  const client = await RawClient.connect({ port })
  client.send('x')
  await expect(client.fin()).rejects.toThrow(/cut without FIN/)
})

test('a wait that fails shows the bytes that came', async () => {
  const client = await RawClient.connect({ port: await speaking('HTTP/1.1 20', stay) })
  await expect(client.next({ withinMs: 30 })).rejects.toThrow(/30 ms.*still open.*HTTP\/1\.1 20/s)
})

test('silence is broken by bytes and by FIN', async () => {
  const bytes = await RawClient.connect({ port: await speaking('H', stay) })
  await expect(bytes.quiet(30)).rejects.toThrow(/got bytes/)
  const end = await RawClient.connect({ port: await speaking('', (socket) => socket.end()) })
  await expect(end.quiet(30)).rejects.toThrow(/got the end/)
})

test('a 100 where a final response must come is an error, and the other way about', async () => {
  const interim = 'HTTP/1.1 100 Continue\r\n\r\n'
  const first = await RawClient.connect({ port: await speaking(interim, stay) })
  await expect(first.final()).rejects.toThrow(/expected a final response, got 100/)
  const dressed = await RawClient.connect({
    port: await speaking('HTTP/1.1 100 Continue\r\nX: y\r\n\r\n', stay),
  })
  await expect(dressed.continue()).rejects.toThrow(/bare 100/)
})

test('the plain server of Node answers an unknown expectation as the baseline says', async () => {
  const server = await bare((_req, res) => res.end('never'))
  expect(server.server).toBeInstanceOf(http.Server)
  const client = await RawClient.connect(server)
  client.send(head({ expect: 'foo', length: 0 }))
  expect((await client.final()).status).toBe(417)
})
