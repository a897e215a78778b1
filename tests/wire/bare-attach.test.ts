// attach(server, options): the gate of a server without a framework, which answers by itself.
import http from 'node:http'
import { Refusal } from '@expectation/core'
import { attach } from '@expectation/core/node'
import { keepConsoleErrors } from '../support/console.js'
import { RawClient } from '../support/raw-client.js'
import { checkBody, closesAfter, refused, stillUsable } from '../support/refusal.js'
import { asking, head } from '../support/request.js'
import { counted, latch, serve } from '../support/server.js'
import { contentOf } from '../support/uploads.js'

const log = keepConsoleErrors()

const application = (): ReturnType<
  typeof counted<[http.IncomingMessage, http.ServerResponse], void>
> =>
  counted((req: http.IncomingMessage, res: http.ServerResponse) => {
    if (req.method === 'GET') {
      res.end('hello')
      return
    }
    contentOf(req).then(
      (content) => res.end(content),
      () => res.destroy(),
    )
  })

test('R16 MUST (RFC 9110 15.5.14): a declared size is refused from the head', async () => {
  const listener = application()
  const server = http.createServer(listener)
  attach(server, { maxContentLength: 4 })
  const running = await serve(server)
  for (const line of ['100-continue', []]) {
    const client = await RawClient.connect(running)
    client.send(head({ expect: line, length: 100_000_000 }))
    await refused(client, 413, 'content_too_large')
  }
  expect(listener.calls).toBe(0)
})

for (const [value, reason] of [
  ['something-else', 'unsupported_expectation'],
  ['100-continue, foo', 'unsupported_expectation'],
  ['y 100-continue', 'malformed_expectation'],
] as const) {
  test(`R4 MAY, R1 grammar (RFC 9110 10.1.1): Expect: ${value} is refused`, async () => {
    const listener = application()
    const server = http.createServer(listener)
    attach(server, {})
    const running = await serve(server)
    const client = await RawClient.connect(running)
    client.send(head({ expect: value, length: 5 }))
    await refused(client, 417, reason)
    expect(listener.calls).toBe(0)
    // What stands behind the head has come: nothing forces a close, and the next request is one.
    const whole = await RawClient.connect(running)
    whole.send(`${head({ expect: value, length: 5 })}12345GET / HTTP/1.1\r\nHost: a\r\n\r\n`)
    checkBody(await whole.final(), 417, reason)
    expect((await whole.final()).text).toBe('hello')
    expect(listener.calls).toBe(1)
  })
}

test('law 2: what passes gets its 100 at the first read, and the connection is kept', async () => {
  const listener = application()
  const server = http.createServer(listener)
  attach(server, { maxContentLength: 10 })
  const client = await RawClient.connect(await serve(server))
  client.send(asking())
  await client.continue()
  client.send('12345')
  expect((await client.final()).text).toBe('12345')
  expect((await stillUsable(client, '/')).text).toBe('hello')
  expect(listener.calls).toBe(2)
})

test('a listener added after attach is gated too', async () => {
  const listener = application()
  const server = http.createServer()
  attach(server, { maxContentLength: 4 })
  server.on('request', listener)
  const running = await serve(server)
  const client = await RawClient.connect(running)
  client.send(asking())
  await refused(client, 413, 'content_too_large')
  expect(listener.calls).toBe(0)
  const second = await RawClient.connect(running)
  second.send(asking({ length: 4 }))
  await second.continue()
  second.send('1234')
  expect((await second.final()).text).toBe('1234')
})

test('checks are asked, and may be asynchronous', async () => {
  const go = latch()
  const listener = application()
  const server = http.createServer(listener)
  attach(server, {
    checkTimeoutMs: 5000,
    checks: [
      async () => {
        await go.opened
        return new Refusal(401, { headers: { 'WWW-Authenticate': 'Bearer' } })
      },
    ],
  })
  const client = await RawClient.connect(await serve(server))
  client.send(asking())
  await client.quiet(30)
  go.open()
  const response = await refused(client, 401, 'unauthorized')
  expect(response.field('www-authenticate')).toBe('Bearer')
  expect(listener.calls).toBe(0)
})

test('law 9: a check that throws is 500 with its message inside', async () => {
  const server = http.createServer(application())
  attach(server, {
    checks: [
      () => {
        throw new Error('db password')
      },
    ],
  })
  const client = await RawClient.connect(await serve(server))
  client.send(asking())
  const response = await client.final()
  checkBody(response, 500, 'internal_error')
  expect(response.text).not.toContain('password')
  expect(log.entries.flat().map(String)).toEqual(['Error: db password'])
  await closesAfter(client, response)
})

test('attach(server) without options only wires: nothing is refused, laws 2 to 4 hold', async () => {
  const server = http.createServer((req, res) => {
    if (req.url === '/no') {
      res.statusCode = 403
      res.end('no')
      return
    }
    void contentOf(req).then((content) => res.end(content))
  })
  attach(server)
  const running = await serve(server)
  const client = await RawClient.connect(running)
  client.send(asking())
  await client.continue()
  client.send('12345')
  expect((await client.final()).text).toBe('12345')
  client.send(asking({ target: '/no' }))
  const response = await client.final()
  expect(response.text).toBe('no')
  await closesAfter(client, response)
})

test('attach is asked twice: still one 100 and one answer', async () => {
  const listener = application()
  const server = http.createServer(listener)
  attach(server)
  attach(server)
  const client = await RawClient.connect(await serve(server))
  client.send(asking())
  await client.continue()
  client.send('12345')
  expect((await client.final()).text).toBe('12345')
  await client.quiet(20)
  expect(listener.calls).toBe(1)
})

test('R4 MAY: a refusal is answered also where the server has a checkContinue listener of its own', async () => {
  const listener = application()
  const server = http.createServer(listener)
  const own = counted((_req: http.IncomingMessage, res: http.ServerResponse) => void res.end())
  server.on('checkContinue', own)
  attach(server, { maxContentLength: 4 })
  const client = await RawClient.connect(await serve(server))
  client.send(asking())
  await refused(client, 413, 'content_too_large')
  expect(own.calls + listener.calls).toBe(0)
})
