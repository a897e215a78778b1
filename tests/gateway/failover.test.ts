// Another upstream takes what one does not, while the content is unread; then no other one does.
import { keepConsoleErrors } from '../support/console.js'
import { RawClient } from '../support/raw-client.js'
import { asking, head } from '../support/request.js'
import { forbidStrayErrors } from '../support/stray-errors.js'
import { front } from './support/front.js'
import {
  answer,
  CONTINUE,
  deadOrigin,
  type RawUpstream,
  rawUpstream,
  type Script,
} from './support/raw-upstream.js'

forbidStrayErrors()
keepConsoleErrors()

const SIZE = 200_000
const content = Buffer.alloc(SIZE, 'x')

const accepts =
  (name = 'ok'): Script =>
  async (connection) => {
    for (;;) {
      const text = await connection.head()
      if (/^expect:/im.test(text)) connection.send(CONTINUE)
      const length = Number(/^content-length: (\d+)/im.exec(text)?.[1] ?? 0)
      await connection.content(length)
      connection.send(answer('201 Created', name, ['X-Origin: ok']))
    }
  }

const refuses =
  (status: string, lines: readonly string[] = []): Script =>
  async (connection) => {
    await connection.head()
    connection.send(answer(status, 'no', lines))
  }

const rude: Script = async (connection) => {
  await connection.head()
  connection.reset()
}

/** Content bytes that an upstream has got. */
const contentAt = ({ connections }: RawUpstream): number =>
  connections.reduce((sum, { unread }) => sum + unread.length, 0)

for (const asks of [true, false]) {
  test(`dead, rude, busy, then one that takes it; the client ${asks ? 'asked' : 'did not ask'}`, async () => {
    const busy = await rawUpstream(refuses('503 Service Unavailable'))
    const hangsUp = await rawUpstream(rude)
    const ok = await rawUpstream(accepts())
    const { port, outcome } = await front([
      await deadOrigin(),
      hangsUp.origin,
      busy.origin,
      ok.origin,
    ])
    const client = await RawClient.connect({ port })
    client.send(asks ? asking({ length: SIZE }) : head({ length: SIZE }))
    if (asks) await client.continue()
    client.send(content)
    // One 100 when it was asked for, none otherwise (RFC 9110 section 10.1.1).
    const stored = await client.final()
    expect([stored.status, stored.field('x-origin')]).toEqual([201, 'ok'])
    expect(contentAt(busy) + contentAt(hangsUp)).toBe(0)
    expect(await outcome()).toMatchObject({
      upstream: ok.origin,
      contentBytes: SIZE,
      sparedBytes: 0,
      attempts: [
        { verdict: 'failed', code: 'ECONNREFUSED' },
        { verdict: 'failed' },
        { verdict: 'refused', status: 503 },
        { verdict: 'continue', status: 201 },
      ],
    })
  })
}

test('only what says "not here, not now" is exchanged for another answer', async () => {
  const forbids = await rawUpstream(refuses('403 Forbidden'))
  const other = await rawUpstream(accepts())
  const { port } = await front([forbids.origin, other.origin])
  const client = await RawClient.connect({ port })
  expect((await client.send(asking({ length: SIZE })).final()).status).toBe(403)
  expect(other.connections).toHaveLength(0)
})

test('retryOn says which; when all say so, the last answer is relayed', async () => {
  const full = () => rawUpstream(refuses('507 Insufficient Storage', ['Retry-After: 7']))
  const two = [await full(), await full()]
  const { port } = await front(
    two.map(({ origin }) => origin),
    { retryOn: [507] },
  )
  const client = await RawClient.connect({ port })
  const refused = await client.send(asking({ length: SIZE })).final()
  expect([refused.status, refused.field('retry-after')]).toEqual([507, '7'])
  expect(two.map(({ connections }) => connections.length)).toEqual([1, 1])
})

test('attempts bounds how many get the head', async () => {
  const busy = await Promise.all(
    [1, 2, 3, 4].map(() => rawUpstream(refuses('503 Service Unavailable'))),
  )
  const { port } = await front(
    busy.map(({ origin }) => origin),
    { attempts: 2 },
  )
  const client = await RawClient.connect({ port })
  expect((await client.send(asking({ length: SIZE })).final()).status).toBe(503)
  expect(busy.filter(({ connections }) => connections.length > 0)).toHaveLength(2)
})

test('a budget of 0 tries nobody again, but those that could not be reached', async () => {
  const busy = await rawUpstream(refuses('503 Service Unavailable'))
  const ok = await rawUpstream(accepts())
  const none = await front([busy.origin, ok.origin], { retryBudget: 0 })
  const refused = await RawClient.connect(none)
  expect((await refused.send(asking({ length: SIZE })).final()).status).toBe(503)
  const unreached = await front([await deadOrigin(), ok.origin], { retryBudget: 0 })
  const client = await RawClient.connect(unreached)
  await client.send(asking({ length: 5 })).continue()
  expect((await client.send('hello').final()).status).toBe(201)
})

test('upstreams take turns, and one that said no lately comes last', async () => {
  const a = await rawUpstream(accepts('a'))
  const b = await rawUpstream(refuses('503 Service Unavailable'))
  const { port, outcomes } = await front([a.origin, b.origin])
  const client = await RawClient.connect({ port })
  for (let at = 0; at < 6; at += 1) {
    await client.send(asking({ length: 1 })).continue()
    expect((await client.send('x').final()).text).toBe('a')
  }
  expect(outcomes.map(({ attempts }) => attempts.length)).toEqual([1, 2, 1, 1, 1, 1])
})

const stops = (text: string): Script => {
  return async (connection) => {
    await connection.head()
    connection.send(text).socket.pause()
  }
}
const lines = ['Connection: close']
const get = head({ method: 'GET', lines })
const upload = head({ length: 50_000_000, lines })

test.each([
  ['does not answer', stops(''), get, 0, 504],
  ['takes no content', stops(''), upload, 50_000_000, 504],
  ['stops in its answer', stops(answer('200 OK', 'half').slice(0, -2)), get, 0, 200],
])('one that %s comes last, too', async (_what, script, text, bytes, status) => {
  const stuck = await rawUpstream(script)
  const ok = await rawUpstream(accepts())
  const { port } = await front([stuck.origin, ok.origin], {
    ask: 'never',
    responseTimeoutMs: 200,
    idleTimeoutMs: 200,
  })
  const first = await RawClient.connect({ port })
  first.send(text).send(Buffer.alloc(bytes))
  expect(await first.over(5000)).toMatch(new RegExp(`^HTTP/1.1 ${status} `))
  for (let at = 0; at < 4; at += 1) {
    const client = await RawClient.connect({ port })
    expect((await client.send(get).final()).status).toBe(201)
  }
  expect(stuck.connections).toHaveLength(1)
})

test('a POST without content is whole with its head: nobody else gets it (RFC 9110 section 9.2.2)', async () => {
  const hangsUp = await rawUpstream(rude)
  const other = await rawUpstream(accepts())
  const { port } = await front([hangsUp.origin, other.origin])
  const post = await RawClient.connect({ port })
  expect((await post.send(head({ method: 'POST' })).final()).status).toBe(502)
  expect(other.connections).toHaveLength(0)
})

test('an idempotent request without content goes to the next one', async () => {
  const hangsUp = await rawUpstream(rude)
  const { port } = await front([hangsUp.origin, (await rawUpstream(accepts())).origin])
  const get = await RawClient.connect({ port })
  expect((await get.send(head({ method: 'GET' })).final()).status).toBe(201)
})

test('replayBytes: an upstream that dies under content is replaced, the whole content arrives', async () => {
  const dies = await rawUpstream(async (connection) => {
    await connection.head()
    connection.send(CONTINUE)
    await connection.content(1000)
    connection.reset()
  })
  let got = ''
  const ok = await rawUpstream(async (connection) => {
    await connection.head()
    got = await connection.content(2000)
    connection.send(answer('201 Created'))
  })
  const { port, outcome } = await front([dies.origin, ok.origin], { replayBytes: '4kb' })
  const client = await RawClient.connect({ port })
  await client.send(asking({ length: 2000 })).continue()
  client.send('a'.repeat(1000))
  await dies.connections[0]?.closed()
  expect((await client.send('b'.repeat(1000)).final()).status).toBe(201)
  expect(got).toBe('a'.repeat(1000) + 'b'.repeat(1000))
  expect((await outcome()).attempts).toHaveLength(2)
})

test('replayBytes holds no more than it says: beyond it, the upstream cannot be replaced', async () => {
  const dies = await rawUpstream(async (connection) => {
    await connection.head()
    connection.send(CONTINUE)
    await connection.content(1001)
    connection.reset()
  })
  const other = await rawUpstream(accepts())
  const { port } = await front([dies.origin, other.origin], { replayBytes: 1000 })
  const client = await RawClient.connect({ port })
  await client.send(asking({ length: 2000 })).continue()
  expect((await client.send('a'.repeat(1001)).final()).status).toBe(502)
  expect(other.connections).toHaveLength(0)
})
