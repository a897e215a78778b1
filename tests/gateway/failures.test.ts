// What an upstream can do wrong, each on raw sockets, and what the client sees: the table of failures in
// docs/gateway.md.
import { keepConsoleErrors } from '../support/console.js'
import { RawClient } from '../support/raw-client.js'
import { asking, head } from '../support/request.js'
import { forbidStrayErrors } from '../support/stray-errors.js'
import { front } from './support/front.js'
import { answer, CONTINUE, deadOrigin, rawUpstream, type Script } from './support/raw-upstream.js'
import { until } from './support/until.js'

forbidStrayErrors()
keepConsoleErrors()

const put = (length = 5): string => asking({ length, target: '/a' })
const accepts: Script = async (connection) => {
  await connection.head()
  connection.send(CONTINUE)
  await connection.content(5)
  connection.send(answer('200 OK', 'stored'))
}

test('a refusal that the upstream keeps open: the next request gets a new connection', async () => {
  const upstream = await rawUpstream(async (connection) => {
    await connection.head()
    connection.send(answer('401 Unauthorized', 'no'))
    await connection.closed()
  })
  const { port } = await front([upstream.origin])
  const refused = await RawClient.connect({ port })
  const first = await refused.send(put()).final()
  expect([first.status, first.text, first.field('connection')]).toEqual([401, 'no', 'close'])
  await refused.fin()
  const got = await RawClient.connect({ port })
  expect((await got.send(head({ method: 'GET' })).final()).status).toBe(401)
  expect(upstream.connections).toHaveLength(2)
  await upstream.connections[0]?.closed()
  // RFC 9112 section 9.3: what was owed to it was never sent, and nothing else either.
  expect(upstream.connections[0]?.unread).toBe('')
})

for (const [how, leave] of [
  ['FIN', 'end'],
  ['RST', 'reset'],
] as const) {
  test(`${how} before the verdict: 502, or the next upstream`, async () => {
    const leaves = () =>
      rawUpstream(async (connection) => {
        await connection.head()
        connection[leave]()
      })
    const alone = await front([(await leaves()).origin])
    const client = await RawClient.connect(alone)
    const refused = await client.send(put()).final()
    expect([refused.status, refused.json()]).toMatchObject([
      502,
      { error: { reason: 'upstream_failed' } },
    ])
    await client.fin()
    const two = await front([(await leaves()).origin, (await rawUpstream(accepts)).origin])
    const second = await RawClient.connect(two)
    await second.send(put()).continue()
    expect((await second.send('hello').final()).text).toBe('stored')
  })
}

test('dead: 502, or the next upstream', async () => {
  const dead = await deadOrigin()
  const alone = await front([dead])
  const refused = await (await RawClient.connect(alone)).send(put()).final()
  expect([refused.status, refused.json()]).toMatchObject([
    502,
    { error: { reason: 'upstream_unreachable' } },
  ])
  const two = await front([dead, (await rawUpstream(accepts)).origin])
  const client = await RawClient.connect(two)
  await client.send(put()).continue()
  expect((await client.send('hello').final()).status).toBe(200)
  expect((await two.outcome()).attempts).toMatchObject([
    { upstream: dead, verdict: 'failed', code: 'ECONNREFUSED' },
    { verdict: 'continue', status: 200 },
  ])
})

test('dies right after its 100: 502 when it is alone, the next one takes the upload otherwise', async () => {
  const dies = () =>
    rawUpstream(async (connection) => {
      await connection.head()
      connection.end(CONTINUE)
    })
  const alone = await RawClient.connect(await front([(await dies()).origin]))
  await alone.send(put()).continue()
  expect((await alone.final()).status).toBe(502)
  const next = await rawUpstream(accepts)
  const both = await RawClient.connect(await front([(await dies()).origin, next.origin]))
  await both.send(put()).continue()
  // One 100, whoever it came from (RFC 9110 section 10.1.1).
  expect((await both.send('hello').final()).text).toBe('stored')
})

test('dies while content comes: 502, nothing goes to another upstream, the answer arrives', async () => {
  const dies = await rawUpstream(async (connection) => {
    await connection.head()
    connection.send(CONTINUE)
    await connection.content(3)
    connection.reset()
  })
  const other = await rawUpstream(accepts)
  const { port, outcome } = await front([dies.origin, other.origin])
  const client = await RawClient.connect({ port })
  await client.send(put(1_000_000)).continue()
  client.send('hello')
  const failed = await client.final()
  expect([failed.status, failed.field('connection')]).toEqual([502, 'close'])
  expect(other.connections).toHaveLength(0)
  expect(await outcome()).toMatchObject({ spent: true, status: 502, reason: 'upstream_failed' })
})

test('a kept connection that has died: the same upstream once more, nothing lost', async () => {
  const upstream = await rawUpstream(async (connection) => {
    await connection.head()
    connection.send(answer('200 OK'))
    // The second request on it finds it dead.
    await connection.head()
    connection.reset()
  }, accepts)
  const { port, outcome } = await front([upstream.origin])
  const client = await RawClient.connect({ port })
  await client.send(head({ method: 'GET' })).final()
  await client.send(put()).continue()
  expect((await client.send('hello').final()).text).toBe('stored')
  expect((await outcome(1)).attempts).toMatchObject([
    { reused: true, verdict: 'failed' },
    { reused: false, verdict: 'continue' },
  ])
})

test.each(['waiting', 'sending'])(
  'a client that leaves while %s: the upstream is let go',
  async (when) => {
    const upstream = await rawUpstream(async (connection) => {
      await connection.head()
      if (when === 'sending') connection.send(CONTINUE)
      await connection.closed()
    })
    const { port, outcome } = await front([upstream.origin], { continueTimeoutMs: 60_000 })
    const client = await RawClient.connect({ port })
    client.send(put(1_000_000))
    if (when === 'sending') {
      await client.continue()
      client.send('some of it')
      await until('content', () => upstream.connections[0]?.unread === 'some of it')
    } else {
      await until('a connection', () => upstream.connections.length > 0)
    }
    client.destroy()
    expect(await outcome()).toMatchObject({ clientGone: true })
    await upstream.connections[0]?.closed()
  },
)

test('a silent upstream gets the content after the timeout, and is not asked again', async () => {
  const upstream = await rawUpstream(async (connection) => {
    for (;;) {
      const asked = await connection.head()
      await connection.content(5)
      connection.send(answer('200 OK', /^expect:/im.test(asked) ? 'asked' : 'not asked'))
    }
  })
  const { port, outcome } = await front([upstream.origin], { continueTimeoutMs: 60 })
  const client = await RawClient.connect({ port })
  await client.send(put()).continue()
  expect((await client.send('hello').final()).text).toBe('asked')
  expect((await outcome()).attempts).toMatchObject([{ asked: true, verdict: 'silent' }])
  await client.send(put()).continue()
  expect((await client.send('hello').final()).text).toBe('not asked')
})

test('silence can send the upload to the next one, or be refused', async () => {
  const silent = await rawUpstream((connection) => connection.head())
  const other = await rawUpstream(accepts)
  // So long that a busy machine does not make the other one silent, too.
  const patient = { continueTimeoutMs: 1000, onSilence: 'next' } as const
  const next = await front([silent.origin, other.origin], patient)
  const client = await RawClient.connect(next)
  await client.send(put()).continue()
  expect((await client.send('hello').final()).text).toBe('stored')
  const strict = { continueTimeoutMs: 60, onSilence: 'refuse' } as const
  const refuse = await front([silent.origin, other.origin], strict)
  const refused = await (await RawClient.connect(refuse)).send(put()).final()
  expect([refused.status, refused.json()]).toMatchObject([
    504,
    { error: { reason: 'upstream_timeout' } },
  ])
})

test('takes no content for longer than idleTimeoutMs, and says meanwhile that it is at work', async () => {
  const size = 10_000_000
  const upstream = await rawUpstream(async (connection) => {
    const { socket } = connection
    await connection.head()
    connection.send(CONTINUE)
    socket.pause()
    // So often that a machine that stands still for a while does not keep it from being heard in time.
    for (let said = 0; said < 14; said += 1) {
      await new Promise((resolve) => setTimeout(resolve, 100))
      connection.send('HTTP/1.1 102 Processing\r\n\r\n')
    }
    socket.resume()
    await connection.content(size)
    connection.send(answer('201 Created', 'stored'))
  })
  const at = await front([upstream.origin], { idleTimeoutMs: 700, interim: false })
  const client = await RawClient.connect(at)
  await client.send(put(size)).continue()
  client.send(Buffer.alloc(size))
  const final = await client.final({ withinMs: 10_000 })
  expect([final.status, final.text]).toEqual([201, 'stored'])
})

test('silent after the content: 504', async () => {
  const upstream = await rawUpstream(async (connection) => {
    await connection.head()
    connection.send(CONTINUE)
    await connection.content(5)
  })
  const { port } = await front([upstream.origin], { responseTimeoutMs: 100 })
  const client = await RawClient.connect({ port })
  await client.send(put()).continue()
  const late = await client.send('hello').final()
  expect([late.status, late.json()]).toMatchObject([504, { error: { reason: 'upstream_timeout' } }])
})

test.each([true, false])(
  '417 from an upstream that knows no Expect, client asked: %s',
  async (asked) => {
    const upstream = await rawUpstream(async (connection) => {
      if (/^expect:/im.test(await connection.head())) {
        connection.end(answer('417 Expectation Failed', '', ['Connection: close']))
        return
      }
      await connection.content(5)
      connection.send(answer('200 OK', 'unasked'))
    })
    const { port } = await front([upstream.origin], { ask: 'always' })
    const client = await RawClient.connect({ port })
    if (asked) await client.send(put()).continue()
    else client.send(head({ length: 5 }))
    expect((await client.send('hello').final()).text).toBe('unasked')
  },
)

test('a client that leaves with requests in a row: each of them is let go', async () => {
  const upstream = await rawUpstream((connection) => connection.head())
  const { port, outcome } = await front([upstream.origin])
  const client = await RawClient.connect({ port })
  client.send(head({ method: 'GET' }).repeat(12))
  await until('the requests', () => upstream.connections.length === 12)
  client.destroy()
  expect(await outcome(11)).toMatchObject({ clientGone: true })
  await Promise.all(upstream.connections.map((connection) => connection.closed()))
})
