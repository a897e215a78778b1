// HTTP/1: after a final response that left content unread, the connection is over: it says close,
// nothing that follows on it is parsed or dispatched, and FIN arrives (law 4, R27). When everything
// was received it is kept (law 4).
import type { ServerResponse } from 'node:http'
import { RawClient } from '../../support/raw-client.js'
import { checkBody, closesAfter, refused, stillUsable } from '../../support/refusal.js'
import { asking, chunks, head } from '../../support/request.js'
import { latch } from '../../support/server.js'
import { contentOf, counted, echo } from './actions.js'
import type { Action } from './adapter.js'
import type { Stage } from './stage.js'

const other = head({ method: 'GET', target: '/hello' })

export function disposition(on: Stage): void {
  const open = opener(on)

  const followers: readonly (readonly [string, string])[] = [
    ['its content and another request', `12345${other}`],
    ['another request at once', other],
    ['another upload that asks', asking({ target: '/files/second' })],
  ]
  for (const [shown, more] of followers) {
    test(`R27 MUST NOT (RFC 9112 9.6): a refused request followed by ${shown}, behind its head: one response`, async () => {
      const { client, calls } = await watched(on, open)
      client.send(asking({ length: 100_000_000 }) + more)
      await refused(client, 413, 'content_too_large')
      expect(calls()).toBe(1)
    })

    test(`R27 MUST NOT (RFC 9112 9.6): ${shown}, in a later segment: one response`, async () => {
      const { client, calls } = await watched(on, open)
      client.send(asking())
      const response = await client.final()
      client.send(more)
      await closesAfter(client, response)
      client.send(more)
      client.halfClose()
      expect(await client.over()).toBe('')
      expect(calls()).toBe(1)
    })

    test(`R27 MUST NOT (RFC 9112 9.6): ${shown}, without Expect: one response`, async () => {
      const { client, calls } = await watched(on, open)
      client.send(head({ length: 100_000_000 }) + more)
      await refused(client, 413, 'content_too_large')
      expect(calls()).toBe(1)
    })
  }

  test('R25 (RFC 9112 9.3): content and another request, all in one segment: both are answered', async () => {
    const { client, calls } = await watched(on, open)
    client.send(`${asking()}12345${other}`)
    checkBody(await client.final(), 413, 'content_too_large')
    expect((await client.final()).text).toBe('hello')
    expect(calls()).toBe(2)
  })

  test('R27 MUST NOT (RFC 9112 9.6): what cannot be parsed behind the content closes', async () => {
    const { client, calls } = await watched(on, open)
    client.send(asking() + other)
    await refused(client, 413, 'content_too_large')
    expect(calls()).toBe(1)
  })

  test('R27 MUST NOT (RFC 9112 9.6): a smuggled request inside chunked content stays content', async () => {
    const { client, calls } = await watched(on, open, { requireContentLength: true })
    client.send(head({ expect: '100-continue', chunked: true }) + chunks(other))
    checkBody(await client.final(), 411, 'length_required')
    await client.quiet(40)
    expect(calls()).toBe(1)
  })

  test('R27 MUST NOT (RFC 9112 9.6): an unsupported expectation closes likewise', async () => {
    const { client, calls } = await watched(on, open, {})
    client.send(head({ expect: 'something-else', length: 3 }) + other)
    await refused(client, 417, 'unsupported_expectation')
    expect(calls()).toBe(1)
  })

  if (on.same('before the gate')) {
    test("R27 MUST NOT (RFC 9112 9.6): so does the application's own answer before the gate", async () => {
      const before = counted(() => ({ status: 401, body: 'mine' }))
      const { port } = await on.run({ gate: {}, before: before.action, save: echo })
      const client = await open(port)
      client.send(asking() + other)
      const response = await client.final()
      expect([response.status, response.text]).toEqual([401, 'mine'])
      await closesAfter(client, response)
      expect(before.calls()).toBe(1)
    })
  }

  for (const [shown, answer] of Object.entries(undoing)) {
    test(`law 4, R26 MUST (RFC 9112 9.6): the application cannot undo the close: ${shown}`, async () => {
      const save = counted(({ response }) => {
        answer(response)
        return undefined
      })
      const { port } = await on.run({ gate: {}, save: save.action })
      const client = await open(port)
      client.send(`${asking()}12${other}`)
      const response = await client.final()
      expect(response.status).toBe(403)
      expect(response.text).toBe('no')
      expect(response.values('connection').map((value) => value.toLowerCase())).toEqual(['close'])
      await closesAfter(client, response)
      expect(save.calls()).toBe(1)
    })
  }

  kept(on, open)
}

export type Open = (port: number) => Promise<RawClient>

export function opener(on: Stage): Open {
  return (port) => RawClient.connect({ port, secure: on.transport !== 'http' })
}

/** Counts every request that reaches the application, refused ones included. */
async function watched(on: Stage, open: Open, gate: object = { maxContentLength: 4 }) {
  const counting = counted(() => undefined)
  // Where nothing can stand before the gate, nothing behind it may run for any of them.
  const first = on.same('before the gate')
  const { port } = await on.run({
    gate,
    save: echo,
    ...(first ? { before: counting.action } : { behind: counting.action }),
  })
  const calls = (): number => counting.calls() + (first ? 0 : 1)
  return { client: await open(port), calls }
}

const undoing: Readonly<Record<string, (response: ServerResponse) => void>> = {
  'writeHead with an object': (response) => {
    response.writeHead(403, { Connection: 'keep-alive', 'Content-Length': 2 }).end('no')
  },
  'writeHead with a phrase and an object': (response) => {
    response.writeHead(403, 'Nope', { connection: 'keep-alive', 'Content-Length': 2 }).end('no')
  },
  'setHeader, and an implicit head': (response) => {
    response.statusCode = 403
    response.setHeader('Connection', 'keep-alive')
    response.end('no')
  },
  'close said already': (response) => {
    response.setHeader('Connection', 'close')
    response.writeHead(403, { 'Content-Length': 2 }).end('no')
  },
  'writeHead with an array': (response) => {
    response.writeHead(403, ['Connection', 'keep-alive', 'Content-Length', '2']).end('no')
  },
  'setHeader and writeHead': (response) => {
    response.setHeader('Connection', 'Keep-Alive')
    response.setHeader('Keep-Alive', 'timeout=5')
    response.writeHead(403, { Connection: 'Keep-Alive', 'Content-Length': 2 }).end('no')
  },
  'removeHeader and shouldKeepAlive': (response) => {
    response.removeHeader('Connection')
    response.shouldKeepAlive = true
    response.writeHead(403, { 'Content-Length': 2 }).end('no')
  },
  'flushHeaders() and a later end': (response) => {
    response.statusCode = 403
    response.setHeader('Connection', 'keep-alive')
    response.flushHeaders()
    setImmediate(() => response.end('no'))
  },
}

function kept(on: Stage, open: Open): void {
  for (const [framing, request] of [
    ['a length', `${asking()}12345`],
    ['chunks', head({ expect: '100-continue', chunked: true }) + chunks('12345')],
  ] as const) {
    test(`R13 MAY, R8 MAY (RFC 9110 10.1.1): all content comes with the head, ${framing}: 200, kept`, async () => {
      const client = await open((await on.run({ gate: {}, save: echo })).port)
      client.send(request)
      const response = await client.answer()
      expect(response.json()).toEqual({ content: '12345' })
      expect(response.field('connection')?.toLowerCase()).not.toBe('close')
      expect((await stillUsable(client, '/hello')).text).toBe('hello')
      // An asking request behind it has a 100 of its own.
      await client.send(asking()).continue()
      expect((await client.send('67890').final()).json()).toEqual({ content: '67890' })
    })
  }

  test('R8 MAY (RFC 9110 10.1.1): when some of the content comes with the head, the rest is read', async () => {
    const client = await open((await on.run({ gate: {}, save: echo })).port)
    await client.sendAll(`${asking()}12`)
    await client.sendAll('345')
    expect((await client.answer()).json()).toEqual({ content: '12345' })
  })

  test('law 4: content that is read to its end and then refused keeps the connection', async () => {
    const save: Action = async ({ content }) => {
      await contentOf(content)
      return { status: 422, body: 'no' }
    }
    const client = await open((await on.run({ gate: {}, save })).port)
    await client.send(asking()).continue()
    const response = await client.send('12345').final()
    expect(response.status).toBe(422)
    expect(response.field('connection')?.toLowerCase()).not.toBe('close')
    expect((await stillUsable(client, '/hello')).text).toBe('hello')
  })

  test('law 4: an upload without Expect is as it always was', async () => {
    const client = await open((await on.run({ gate: {}, save: echo })).port)
    const response = await client.send(`${head({ length: 5 })}12345`).final()
    expect(response.json()).toEqual({ content: '12345' })
    expect((await stillUsable(client, '/hello')).text).toBe('hello')
  })

  test('law 4: kept too when the handler reads after asynchronous work', async () => {
    const go = latch()
    const save: Action = async ({ content }) => {
      await go.opened
      return { body: await contentOf(content) }
    }
    const client = await open((await on.run({ gate: {}, save })).port)
    client.send(`${asking()}12345`)
    await client.quiet(40)
    go.open()
    const response = await client.answer()
    expect(response.text).toBe('12345')
    expect(response.field('connection')?.toLowerCase()).not.toBe('close')
    expect((await stillUsable(client, '/hello')).text).toBe('hello')
  })

  test('law 4: many asking requests in a row stay on one connection, each with its own 100', async () => {
    const client = await open((await on.run({ gate: {}, save: echo })).port)
    for (let round = 0; round < 5; round += 1) {
      client.send(asking())
      await client.continue()
      client.send(`1234${round}`)
      expect((await client.final()).json()).toEqual({ content: `1234${round}` })
    }
  })

  test('law 4: small declared content that stays unread without Expect may be drained, and then serves on', async () => {
    const save: Action = () => ({ status: 403, body: 'no' })
    const client = await open((await on.run({ gate: {}, save })).port)
    client.send(`${head({ length: 5 })}12345`)
    const response = await client.final()
    expect(response.status).toBe(403)
    if (response.field('connection')?.toLowerCase() === 'close') return
    expect((await stillUsable(client, '/hello')).text).toBe('hello')
  })

  test("law 4: a client's own close is respected", async () => {
    const client = await open((await on.run({ gate: {}, save: echo })).port)
    client.send(asking({ lines: ['Connection: close'] }))
    await client.continue()
    client.send('12345')
    const response = await client.final()
    expect(response.status).toBe(200)
    await closesAfter(client, response)
  })
}
