// Law 0: what an application does in a way of its own, past what the library replaces, works as it does without
// it: methods that were wrapped before, heads as lists, the stream of an HTTP/2 request, late callbacks.
import http, { type IncomingMessage, type RequestListener, type ServerResponse } from 'node:http'
import http2 from 'node:http2'
import type { AddressInfo } from 'node:net'
import { attach } from '@expectation/core/node'
import { afterThisTest } from '../support/cleanup.js'
import { RawClient } from '../support/raw-client.js'
import { asking, chunks, head } from '../support/request.js'
import { bare, latch, type Running, serve, within } from '../support/server.js'

const attached = (listener: RequestListener): Promise<Running> =>
  serve(attach(http.createServer(listener)))

/** Content in the segment of the head, so that no 100 is owed. */
const whole = `${asking()}hello`
const unread = head({ length: 100_000 })

async function answerOf(running: Running, bytes: string) {
  const client = await RawClient.connect(running)
  client.send(bytes)
  const answer = await client.answer()
  client.destroy()
  return answer
}

/** Types of Node know no list of pairs. */
function headed(response: ServerResponse, args: readonly unknown[]): ServerResponse {
  Reflect.apply(response.writeHead, response, args)
  return response
}

describe.each([
  ['content in one segment, asked for', whole],
  ['content that nobody reads', unread],
])('writeHead with a list: %s', (_what, bytes) => {
  test.each<[string, readonly unknown[]]>([
    [
      'pairs',
      [
        200,
        [
          ['X-A', '1'],
          ['X-B', '2'],
        ] as never,
      ],
    ],
    [
      'pairs and a phrase',
      [
        200,
        'Well',
        [
          ['X-A', '1'],
          ['X-B', '2'],
        ] as never,
      ],
    ],
    ['names and values', [200, ['X-A', '1', 'X-B', '2']]],
    ['an object and a phrase', [200, 'Well', { 'X-A': '1', 'X-B': '2' }]],
  ])('%s arrive', async (_how, args) => {
    const running = await attached((_req, res) => headed(res, args).end())
    const answer = await answerOf(running, bytes)
    expect([answer.status, answer.field('x-a'), answer.field('x-b')]).toEqual([200, '1', '2'])
  })

  test('a repeated name keeps all of its values', async () => {
    const lines = ['Set-Cookie', 'a=1', 'Set-Cookie', 'b=2']
    const running = await attached((_req, res) => void res.writeHead(200, lines).end())
    const client = await RawClient.connect(running)
    client.send(bytes)
    await client.final()
    expect(client.seen.match(/Set-Cookie: \w=\d/g)).toEqual(['Set-Cookie: a=1', 'Set-Cookie: b=2'])
    client.destroy()
  })
})

test('an answer that keeps the connection has the Keep-Alive of the server', async () => {
  const listener: RequestListener = (_req, res) => res.end('ok')
  const [plain, ours] = await Promise.all(
    [bare(listener), attached(listener)].map(async (running) => answerOf(await running, whole)),
  )
  expect(ours?.field('keep-alive')).toBe(plain?.field('keep-alive'))
  expect(ours?.field('connection')).toBe('keep-alive')
})

test('law 4: kept when all content was handed over, before the parser tells its end', async () => {
  const running = await attached((req, res) => {
    req.on('readable', () => {
      if (req.read() !== null) res.end('ok')
    })
  })
  const client = await RawClient.connect(running)
  client.send(asking())
  await client.continue()
  client.send('hello')
  expect((await client.final()).field('connection')).toBe('keep-alive')
  client.destroy()
})

/** As tracing and compression do: wrapped before the request reaches the library's guards. */
function wrapping(calls: string[], server: http.Server): http.Server {
  const { emit } = server
  server.emit = function wrapped(this: http.Server, name: string, ...args: unknown[]) {
    const response = args[1]
    if (response instanceof http.ServerResponse) {
      for (const method of ['write', 'end', 'flushHeaders'] as const) {
        const own = response[method]
        Object.assign(response, {
          [method](...given: unknown[]) {
            calls.push(method)
            return Reflect.apply(own, this, given)
          },
        })
      }
    }
    return Reflect.apply(emit, this, [name, ...args])
  } as http.Server['emit']
  return server
}

test.each([
  ['asks', whole],
  ['does not ask', `${head({ length: 5 })}hello`],
])('methods that were wrapped before are called for a request that %s', async (_what, bytes) => {
  const listener: RequestListener = (_req, res) => {
    res.flushHeaders()
    res.write('a')
    res.end('b')
  }
  const calls: string[] = []
  const server = attach(http.createServer(listener))
  await answerOf(await serve(wrapping(calls, server)), bytes)
  expect(calls).toEqual(expect.arrayContaining(['flushHeaders', 'write', 'end']))
})

test.each([
  ['its content is read', whole],
  ['its content is not read', unread],
  ['it has none', head({ method: 'GET' })],
])(
  '`writeHead` of a subclass is given what was given, and nothing behind it: %s',
  async (_what, bytes) => {
    const counts: number[] = []
    class Counting extends http.ServerResponse {
      override writeHead(...args: unknown[]): this {
        counts.push(args.length)
        return Reflect.apply(super.writeHead, this, args)
      }
    }
    for (const args of [
      [404],
      [404, 'Nothing'],
      [404, { 'X-A': '1' }],
      [404, 'Nothing', ['X-A', '1']],
    ]) {
      const listener: RequestListener = (req, res) => {
        if (bytes === whole) req.resume().on('data', () => undefined)
        setImmediate(() => headed(res, args).end())
      }
      const server = http.createServer({ ServerResponse: Counting }, listener)
      await answerOf(await serve(attach(server)), bytes)
    }
    // A head that has to say close, and nothing else was set before, says it in a list.
    expect(counts).toEqual(bytes === unread ? [2, 3, 2, 3] : [1, 2, 2, 3])
  },
)

const streamReaders: Readonly<
  Record<string, (request: http2.Http2ServerRequest) => Promise<string>>
> = {
  iterated: async ({ stream }) => {
    let text = ''
    for await (const part of stream) text += String(part)
    return text
  },
  'by data': ({ stream }) =>
    new Promise((resolve) => {
      let text = ''
      stream.on('data', (part: Buffer) => {
        text += part.toString()
      })
      stream.on('end', () => resolve(text))
    }),
}

test.each(Object.keys(streamReaders))(
  'law 2: whoever reads the stream of an HTTP/2 request gets its 100: %s',
  async (how) => {
    const server = attach(
      http2.createServer(async (request, response) => {
        response.end((await streamReaders[how]?.(request)) ?? '')
      }),
    )
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
    afterThisTest(() => void server.close())
    const { port } = server.address() as AddressInfo
    const session = http2.connect(`http://127.0.0.1:${port}`)
    const stream = session.request({ ':method': 'PUT', ':path': '/a', expect: '100-continue' })
    const answered = latch<string>()
    stream.on('continue', () => stream.end('hello'))
    stream.setEncoding('utf8').on('data', (text: string) => answered.open(text))
    stream.on('error', (error) => answered.open(String(error)))
    expect(await within('the answer', answered.opened)).toBe('hello')
    session.destroy()
  },
)

test('answers that are there in the same turn go out before a handshake behind them', async () => {
  const server = http.createServer(async (req, res) => {
    await null
    res.end(req.url)
  })
  server.on('upgrade', (_req, socket) => {
    socket.end('HTTP/1.1 101 Switching Protocols\r\nConnection: upgrade\r\nUpgrade: x\r\n\r\n')
  })
  const client = await RawClient.connect(await serve(attach(server)))
  const handshake = head({ method: 'GET', lines: ['Connection: upgrade', 'Upgrade: x'] })
  client.send(
    head({ target: '/a', chunked: true }) +
      chunks('a') +
      `${head({ target: '/b', length: 1 })}b${handshake}`,
  )
  expect((await client.over()).match(/HTTP\/1\.1 \d+/g)).toEqual([
    'HTTP/1.1 200',
    'HTTP/1.1 200',
    'HTTP/1.1 101',
  ])
})

test('bytes that are no request are answered while nothing of a head that was given is out', async () => {
  const running = await attached((_req, res) => void res.writeHead(200))
  const client = await RawClient.connect(running)
  client.send(head({ lines: ['Transfer-Encoding: x'] }))
  expect((await client.final()).status).toBe(400)
})

test('a callback that comes after the library has answered ends nothing', async () => {
  const late = latch<string>()
  const server = http.createServer((_req: IncomingMessage, res) => {
    setTimeout(() => {
      try {
        for (const name of ['writeHeader', 'writeInformation', 'writeEarlyHints', 'setHeader']) {
          const method: unknown = Reflect.get(res, name)
          if (typeof method === 'function') Reflect.apply(method, res, [200, {}])
        }
        late.open('nothing')
      } catch (error) {
        late.open(String(error))
      }
    }, 60)
  })
  const running = await serve(attach(server, { maxContentLength: 3 }))
  const client = await RawClient.connect(running)
  client.send(head({ chunked: true }))
  await new Promise((resolve) => setTimeout(resolve, 20))
  // The limit is passed behind the handler's back.
  client.send(chunks('far more than three'))
  expect((await client.final()).status).toBe(413)
  await within('the late call', late.opened)
  expect(await late.opened).toBe('nothing')
  client.destroy()
})
