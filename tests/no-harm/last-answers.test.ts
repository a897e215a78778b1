// What a last answer says of its connection is true, and the answer arrives, whatever has been sent
// behind it: inputs that the runs of interop/no-harm found.
import http, { type RequestListener } from 'node:http'
import { pipeline } from 'node:stream'
import { attach } from '@expectation/core/node'
import { reachConnections } from '../support/open-connections.js'
import { RawClient } from '../support/raw-client.js'
import { asking, chunks, head } from '../support/request.js'
import { latch, type Running, serve, within } from '../support/server.js'

/** Out of reach: nothing here may be left to a bound. */
const linger = { idleMs: 60_000, totalMs: 60_000 }

function attached(listener: RequestListener): Promise<Running> {
  const server = http.createServer(listener)
  attach(server, { linger })
  return serve(server)
}

const next = head({ method: 'GET', target: '/next' })

test('RFC 9112 section 9.6: a request that crosses the close on its way takes nothing of the answer', async () => {
  const size = 400_000
  const written = latch()
  const client = await RawClient.connect(
    await attached((req, res) => {
      res.writeHead(200, { Connection: 'close' }).once('finish', () => written.open())
      pipeline(req, res, () => undefined)
    }),
  )
  client.stopReading()
  await client.sendAll(head({ length: size }) + 'a'.repeat(1000))
  client.send('a'.repeat(size - 1000))
  await within('the answer to be written', written.opened)
  client.send(next)
  client.startReading()
  const response = await client.final()
  expect([response.field('connection'), response.text.length]).toEqual(['close', size])
  expect(await client.fin()).toBe('')
})

test('law 11: a client that leaves is noticed, with content of a request behind the close', async () => {
  const running = await attached((req, res) => {
    req.resume().once('data', () => undefined)
    res.end('last')
  })
  const client = await RawClient.connect(running)
  const last = head({ version: '1.0', length: 900, lines: ['Connection: keep-alive'] })
  const behind = head({ length: 120_000 }) + 'b'.repeat(120_000)
  client.send(last + 'a'.repeat(900) + behind)
  expect((await client.final()).text).toBe('last')
  client.destroy()
  await reachConnections(running.server, 0)
})

test('law 11: a client that leaves is noticed behind an answer without an end, too', async () => {
  const begun = latch()
  const running = await attached((_req, res) => {
    res.writeHead(200).write('data: 1\n\n', () => begun.open())
  })
  const client = await RawClient.connect(running)
  const before = asking({ length: 20 })
  client.send(`${before}1234567890`)
  await within('the answer to begin', begun.opened)
  client.send(`1234567890${head({ length: 120_000 })}${'b'.repeat(120_000)}`)
  client.destroy()
  await reachConnections(running.server, 0)
})

test.each([
  ['a length', head({ length: 9 }), 'abc', 'def'],
  ['chunks', head({ chunked: true }), '3\r\nabc\r\n', '3\r\ndef\r\n'],
])(
  'law 11: a client that leaves is noticed behind content that was left half-way, by %s',
  async (_framing, start, first, second) => {
    const left = latch()
    const running = await attached(async (req, res) => {
      if (req.url === '/events') return void res.writeHead(200).write('data: 1\n\n')
      for await (const _ of req) break
      res.end('left')
      left.open()
    })
    const client = await RawClient.connect(running)
    client.send(head({ method: 'GET', target: '/events' }) + start + first)
    await within('the request to be left', left.opened)
    client.send(second)
    client.destroy()
    await reachConnections(running.server, 0)
  },
)

test('law 11: who reads on behind the answer gets no more than the limit', async () => {
  const seen = latch<string>()
  const server = http.createServer((req, res) => {
    let bytes = 0
    req.on('data', (part: Buffer) => {
      bytes += part.length
    })
    req.on('end', () => seen.open(`end behind ${bytes}`))
    req.on('close', () => seen.open(`close behind ${bytes}`))
    res.end('answered')
  })
  attach(server, { linger, maxContentLength: 10 })
  const client = await RawClient.connect(await serve(server))
  client.send(`${head({ chunked: true })}3\r\nabc\r\n`)
  expect((await client.final()).text).toBe('answered')
  client.send(`20\r\n${'b'.repeat(32)}\r\n0\r\n\r\n`)
  expect(await within('the end of reading', seen.opened)).toBe('close behind 3')
})

test.each(['2.0', '3.0'])(
  'RFC 9112 section 9.3: an answer to HTTP/%s that asks does not promise what Node will not keep',
  async (version) => {
    const client = await RawClient.connect(await attached((_req, res) => res.end('no')))
    const lines =
      'Host: x\r\nConnection: keep-alive\r\nExpect: 100-continue\r\nContent-Length: 5\r\n'
    client.send(`PUT / HTTP/${version}\r\n${lines}\r\n12345${next}`)
    const response = await client.answer()
    if (response.field('connection') === 'close') expect(await client.fin()).toBe('')
    else expect((await client.final()).text).toBe('no')
  },
)

test('law 4, RFC 9112 section 9.6: a check that is over behind the last answer lets its request through to nobody', async () => {
  const sent = latch()
  const asked = latch()
  const seen: (string | undefined)[] = []
  const server = http.createServer(async (req, res) => {
    seen.push(req.url)
    await asked.opened
    res.end('first')
  })
  const checked = latch()
  attach(server, {
    linger,
    checkTimeoutMs: 60_000,
    checks: [
      async ({ target }) => {
        if (target !== '/second') return
        asked.open()
        await sent.opened
        setImmediate(() => setImmediate(checked.open))
      },
    ],
  })
  const client = await RawClient.connect(await serve(server))
  // The head of a third one makes Node, and us, hand on what stands before it.
  const second = head({ target: '/second', length: 2 })
  const lines = ['Connection: keep-alive']
  const first = head({ version: '1.0', target: '/first', chunked: true, lines })
  client.send(`${first}${chunks('a')}${second}hi${head({ target: '/third', length: 100_000 })}`)
  expect((await client.final()).text).toBe('first')
  expect(await client.fin()).toBe('')
  sent.open()
  await within('the check', checked.opened)
  expect(seen).not.toContain('/second')
})

test.each([0, 1000])(
  'law 0: who begins to read behind the answer, with %d bytes there, sees the end and no part',
  async (there) => {
    const seen: string[] = []
    const over = latch()
    const client = await RawClient.connect(
      await attached((req, res) => {
        if (req.url === '/next') return void res.end('next')
        res.end('answered')
        setImmediate(() => {
          let bytes = 0
          req.on('data', (part: Buffer) => {
            bytes += part.length
          })
          req.on('end', () => seen.push(`end behind ${bytes}`))
          req.on('close', () => over.open())
        })
      }),
    )
    client.send(head({ length: 3000 }) + 'a'.repeat(there))
    expect((await client.final()).text).toBe('answered')
    client.send('b'.repeat(3000 - there) + next)
    expect((await client.final()).text).toBe('next')
    await within('the request to close', over.opened)
    expect(seen).toEqual(['end behind 0'])
  },
)

test('law 0: an answer in front of garbage has its own, and what has no content behind it too', async () => {
  const client = await RawClient.connect(
    await attached((req, res) => void setImmediate(() => res.end(req.url))),
  )
  client.send(`${head({ target: '/first', length: 2 })}hi${next}GET /rest HTTP/9.9\r\n\r\n`)
  expect((await client.final()).text).toBe('/first')
  const response = await client.final()
  expect([response.text, response.field('connection')]).toEqual(['/next', 'close'])
  expect(await client.fin()).toBe('')
})

test.each([
  ['RFC 9112 section 6.3: an answer that the close ends', '1.0', {}],
  [
    'law 0: an answer that is the last by the will of the application',
    '1.1',
    { Connection: 'close' },
  ],
] as const)('%s is followed by FIN while somebody reads on', async (_what, version, fields) => {
  const seen = latch<number>()
  const client = await RawClient.connect(
    await attached((req, res) => {
      let bytes = 0
      req.on('data', (part: Buffer) => {
        bytes += part.length
      })
      req.on('end', () => seen.open(bytes))
      res.writeHead(200, fields)
      res.end('answered')
    }),
  )
  client.send(head({ version, length: 3000 }) + 'a'.repeat(1000))
  expect((await client.final()).text).toBe('answered')
  expect(await client.fin()).toBe('')
  client.send('b'.repeat(2000))
  expect(await within('the content', seen.opened)).toBe(3000)
})
