// The same on HTTP/2, where a stream ends and its connection lives.

import { once } from 'node:events'
import http2 from 'node:http2'
import { type ExpectationOptions, Refusal } from '@expectation/core'
import { listen } from '../../contract/suite/servers.js'
import { afterThisTest } from '../../support/cleanup.js'
import { latch, within } from '../../support/server.js'
import { FRAMEWORKS, type Framework } from './apps.js'
import { Held } from './held.js'
import { routes } from './routes.js'

async function started(framework: Framework, gate: ExpectationOptions) {
  const { save, reached } = routes()
  const server = await framework.serve({ gate, narrow: {}, save }, 2)
  const session = http2.connect(`http://127.0.0.1:${await listen(server)}`)
  session.on('error', () => {})
  afterThisTest(() => session.destroy())
  return { session, reached }
}

interface Sent {
  readonly way: string
  readonly fields?: http2.OutgoingHttpHeaders
}

function upload(session: http2.ClientHttp2Session, { way, fields = {} }: Sent) {
  const stream = session.request({
    ':method': 'PUT',
    ':path': `/files/${way}`,
    'content-type': 'application/octet-stream',
    ...fields,
  })
  stream.on('error', () => {})
  stream.resume()
  const status = once(stream, 'response').then(([headers]) => Number(headers[':status']))
  status.catch(() => {})
  return { stream, status: () => within('an answer', status) }
}

const withHttp2 = FRAMEWORKS.filter(({ versions }) => versions.includes(2))

describe.each(withHttp2)('$name, HTTP/2', (framework) => {
  test.each([
    ['asked for, read, answered', 'read', { expect: '100-continue', 'content-length': 5 }, 201],
    ['without a length', 'read', {}, 201],
    ['answered without content', 'empty', { 'content-length': 5 }, 204],
    ['refused by the route', 'unread', { 'content-length': 5 }, 403],
    ['read half, then answered', 'half', { 'content-length': 5 }, 422],
    ['the route throws', 'throw', { 'content-length': 5 }, 500],
  ])('%s', async (_what, way, fields, expected) => {
    const held = new Held()
    const { session } = await started(framework, { checks: [held.check()] })
    const { stream, status } = upload(session, { way, fields })
    stream.end('hello')
    expect(await status()).toBe(expected)
    await held.givenBack('answered')
  })

  test.each<[string, NonNullable<ExpectationOptions['checks']>, number]>([
    ['a later check refuses', [() => new Refusal(403)], 403],
    ['a later check refuses after a while', [async () => new Refusal(403)], 403],
    ['a later check never answers', [() => new Promise<void>(() => {})], 503],
  ])('%s', async (_what, checks, expected) => {
    const held = new Held()
    const gate = { checks: [held.check(), ...checks], checkTimeoutMs: 50 }
    const { session } = await started(framework, gate)
    const { stream, status } = upload(session, { way: 'read' })
    stream.write('hello')
    expect(await status()).toBe(expected)
    await held.givenBack('refused')
  })

  test('time is up before the check grants: given back when it does', async () => {
    const held = new Held()
    const open = latch()
    const gate = { checks: [held.later(open.opened)], checkTimeoutMs: 50 }
    const { session } = await started(framework, gate)
    const { status } = upload(session, { way: 'read' })
    expect(await status()).toBe(503)
    open.open()
    await held.givenBack('refused')
  })

  test.each([
    ['resets the stream', (stream: http2.ClientHttp2Stream) => stream.close(8)],
    ['leaves', (stream: http2.ClientHttp2Stream) => stream.session?.destroy()],
  ])('the client %s midway', async (_how, leave) => {
    const held = new Held()
    const { session, reached } = await started(framework, { checks: [held.check()] })
    const { stream } = upload(session, { way: 'slow-reader' })
    stream.write('hello')
    await reached
    leave(stream)
    // Node finishes the writable half of a stream that is reset, as if it had been answered.
    await held.givenBackSomehow()
  })

  test('the route ends it', async () => {
    const way = 'destroy-response'
    const held = new Held()
    const { session } = await started(framework, { checks: [held.check()] })
    upload(session, { way }).stream.write('hello')
    await held.givenBack('gone')
  })

  test('more content than the gate allows', async () => {
    const held = new Held()
    const { session } = await started(framework, { checks: [held.check()], maxContentLength: 10 })
    const { stream, status } = upload(session, { way: 'read' })
    stream.end('x'.repeat(100))
    expect(await status()).toBe(413)
    await held.givenBack('answered')
  })

  test('many at a time on one connection', async () => {
    const held = new Held()
    const { session } = await started(framework, { checks: [held.check()] })
    const uploads = Array.from({ length: 10 }, () => upload(session, { way: 'read' }))
    for (const { stream } of uploads) stream.end('hello')
    for (const { status } of uploads) expect(await status()).toBe(201)
    await held.givenBack('answered', 10)
  })
})
