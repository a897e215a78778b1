// RFC 9113 section 5.1.2: an upstream says how many streams may be open. A request beyond that has not been
// sent, so its upstream has not been asked, and cannot have been silent.
import type { ServerHttp2Stream } from 'node:http2'
import type { GatewayOptions } from '@expectation/gateway'
import { keepConsoleErrors } from '../support/console.js'
import { RawClient } from '../support/raw-client.js'
import { asking, head } from '../support/request.js'
import { latch, within } from '../support/server.js'
import { forbidStrayErrors } from '../support/stray-errors.js'
import { front } from './support/front.js'
import { http2Upstream } from './support/http2-upstream.js'
import { until } from './support/until.js'

forbidStrayErrors()
keepConsoleErrors()

const pause = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms))

/** Refuses /full from the head; takes all others, and answers when their content has ended. */
async function upstreamWith(maxConcurrentStreams: number) {
  const seen: string[] = []
  let open = 0
  let most = 0
  const take = (stream: ServerHttp2Stream, lines: readonly string[]): void => {
    const path = lines[lines.indexOf(':path') + 1]
    const asked = lines.includes('expect')
    seen.push(`${path} ${asked ? 'asked' : 'unasked'}`)
    open += 1
    most = Math.max(most, open)
    stream.on('error', () => undefined)
    stream.on('close', () => {
      open -= 1
    })
    if (path === '/full') {
      stream.respond({ ':status': 413 })
      stream.end()
      return
    }
    if (asked) stream.additionalHeaders({ ':status': 100 })
    stream.resume()
    stream.on('end', () => {
      if (stream.destroyed) return
      stream.respond({ ':status': 201 })
      stream.end()
    })
  }
  const origin = await http2Upstream(take, { maxConcurrentStreams })
  return { origin, seen, most: () => most }
}

/** One whose only stream is taken by an upload that goes on until it is told to end. */
async function taken(options: Partial<GatewayOptions> = {}, ...others: string[]) {
  const upstream = await upstreamWith(1)
  const running = await front([upstream.origin, ...others], {
    http2: true,
    continueTimeoutMs: 300,
    ...options,
  })
  const first = await RawClient.connect(running)
  await first
    .send(asking({ target: '/slow', chunked: true, length: undefined } as object))
    .continue()
  await until('the head', () => upstream.seen.length === 1)
  const finish = () => first.send('0\r\n\r\n').final()
  return { ...upstream, ...running, first, finish }
}

test.each(['send', 'next', 'refuse'] as const)(
  'a request that waits for a stream waits for no verdict, onSilence %s',
  async (onSilence) => {
    const { port, seen, finish } = await taken({ onSilence })
    const second = await RawClient.connect({ port })
    second.send(asking({ target: '/full', length: 1_000_000 }))
    await pause(700)
    expect(second.seen).toBe('')
    expect((await finish()).status).toBe(201)
    expect((await second.final()).status).toBe(413)
    const third = await RawClient.connect({ port })
    third.send(asking({ target: '/full', length: 1_000_000 }))
    expect((await third.final()).status).toBe(413)
    expect(seen).toEqual(['/slow asked', '/full asked', '/full asked'])
  },
)

test.each([
  ['the only upstream', 502, []],
  ['the first of two', 201, ['/a asked']],
])('the wait for a stream of %s is bounded by idleTimeoutMs', async (_which, status, there) => {
  const other = await upstreamWith(100)
  const others = there.length === 0 ? [] : [other.origin]
  const { port, seen, first } = await taken({ idleTimeoutMs: 600 }, ...others)
  const moving = setInterval(() => first.send('1\r\nx\r\n'), 50)
  const sent = Array.from({ length: Math.max(1, 2 * others.length) }, async () => {
    const client = await RawClient.connect({ port })
    client.send(`${asking({ target: '/a', length: 5 })}hello`)
    return (await client.answer()).status
  })
  // Whichever upstream is first for each of them.
  expect(new Set(await Promise.all(sent))).toEqual(new Set([status]))
  clearInterval(moving)
  expect(seen).toEqual(['/slow asked'])
  expect([...new Set(other.seen)]).toEqual(there)
})

test('a client that leaves while it waits for a stream leaves nothing to the upstream', async () => {
  const { port, seen, finish, outcome } = await taken()
  const second = await RawClient.connect({ port })
  second.send(asking({ target: '/left' }))
  await pause(100)
  second.reset()
  expect(await outcome()).toMatchObject({ path: '/left' })
  expect((await finish()).status).toBe(201)
  const third = await RawClient.connect({ port })
  expect((await third.send(head({ method: 'GET', target: '/b' })).final()).status).toBe(201)
  expect(seen).toEqual(['/slow asked', '/b unasked'])
})

test('many at once: as many as may be open, and each is served', async () => {
  const { origin, seen, most } = await upstreamWith(2)
  const { port } = await front([origin], { http2: true })
  const all = Array.from({ length: 12 }, async () => {
    const client = await RawClient.connect({ port })
    await client.send(asking({ target: '/a' })).continue()
    return (await client.send('hello').final()).status
  })
  expect(new Set(await Promise.all(all))).toEqual(new Set([201]))
  expect([seen.length, most() <= 2]).toEqual([12, true])
})

test('who waits for a stream gets one of the next session when this one ends', async () => {
  const streams: ServerHttp2Stream[] = []
  const came = latch()
  const origin = await http2Upstream(
    (stream) => {
      streams.push(stream)
      stream.on('error', () => undefined)
      if (streams.length === 1) {
        came.open()
        return
      }
      stream.respond({ ':status': 201 })
      stream.end()
    },
    { maxConcurrentStreams: 1 },
  )
  const running = await front([origin], { http2: true })
  const first = await RawClient.connect(running)
  first.send(head({ method: 'POST', target: '/a' }))
  await within('the first stream', came.opened)
  const second = await RawClient.connect(running)
  second.send(head({ method: 'GET', target: '/b' }))
  await pause(50)
  streams[0]?.session?.destroy()
  expect((await first.final()).status).toBe(502)
  expect((await second.final()).status).toBe(201)
})
