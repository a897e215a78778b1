// RFC 9113 section 8.1: content is complete with END_STREAM, so an upload that was broken off MUST NOT end with
// it: the server would keep a part of a file as the file. RST_STREAM without it says that the rest is missing.
import { Readable } from 'node:stream'
import { type Body, type UploadOptions, upload } from '@expectation/client'
import { afterThisTest } from '../support/cleanup.js'
import { latch, within } from '../support/server.js'
import { forbidStrayErrors } from '../support/stray-errors.js'
import { type FramesOrigin, framesOrigin } from './http2-frames.js'

forbidStrayErrors()

const CANCELLED = 'RST_STREAM 8'

/** So many pieces, and then nothing until the test says how it ends. */
function waiting(pieces: number) {
  const end = latch<Error | undefined>()
  const waits = latch()
  afterThisTest(() => end.open(undefined))
  async function* content() {
    for (let piece = 0; piece < pieces; piece += 1) yield Buffer.alloc(1000)
    waits.open()
    const error = await end.opened
    if (error !== undefined) throw error
  }
  return { content, waits: waits.opened, fail: (error: Error) => end.open(error) }
}

type Waiting = ReturnType<typeof waiting>

const bodies: Readonly<Record<string, (content: Waiting['content']) => Body>> = {
  'an iterable': (content) => content(),
  'a web stream': (content) => Readable.toWeb(Readable.from(content())) as ReadableStream,
  'a function': (content) => () => content(),
}

interface Breaking {
  readonly origin: FramesOrigin
  readonly controller: AbortController
  readonly body: Waiting
}

interface End {
  readonly options?: UploadOptions
  readonly how: (breaking: Breaking) => void
  readonly error: object
}

const ends: Readonly<Record<string, End>> = {
  '`signal` aborts': {
    how: ({ controller }) => controller.abort(new Error('enough')),
    error: { message: 'enough' },
  },
  'the body fails': {
    how: ({ body }) => body.fail(new Error('the disk')),
    error: { code: 'content_failed' },
  },
  'nothing moves for `idleTimeoutMs`': {
    options: { idleTimeoutMs: 100 },
    how: () => undefined,
    error: { code: 'idle_timeout' },
  },
}

async function begin(body: Body, options: UploadOptions) {
  const origin = await framesOrigin()
  const controller = new AbortController()
  const { agent } = origin
  const uploaded = upload(origin.url, {
    body,
    agent,
    signal: controller.signal,
    retry: false,
    ...options,
  })
  uploaded.catch(() => undefined)
  await origin.reach('HEADERS')
  return { origin, controller, uploaded }
}

describe.each(Object.keys(ends))('%s while the next piece is waited for', (end) => {
  const { how, error, options } = ends[end] as End
  for (const kind of Object.keys(bodies)) {
    test.each([0, 1])(`${kind}, after %i pieces: RST_STREAM, and no END_STREAM`, async (pieces) => {
      const body = waiting(pieces)
      const given = bodies[kind]?.(body.content)
      const { origin, controller, uploaded } = await begin(given as Body, {
        expect: false,
        ...options,
      })
      await within('the wait', body.waits)
      if (pieces > 0) await origin.reach('DATA')
      how({ origin, controller, body })
      await expect(within('the end', uploaded)).rejects.toMatchObject(error)
      await origin.reach(CANCELLED)
      expect(origin.frames).toEqual(['HEADERS', ...(pieces > 0 ? ['DATA'] : []), CANCELLED])
    })
  }
})

test('a length was announced: the same', async () => {
  const body = waiting(1)
  const { origin, controller, uploaded } = await begin(body.content(), {
    expect: false,
    contentLength: 5000,
  })
  await origin.reach('DATA')
  controller.abort(new Error('enough'))
  await expect(within('the end', uploaded)).rejects.toThrow('enough')
  await origin.reach(CANCELLED)
  expect(origin.frames).toEqual(['HEADERS', 'DATA', CANCELLED])
})

test.each(Object.keys(bodies))('%s, aborted while it asks: no empty content', async (kind) => {
  const body = waiting(1)
  const { origin, controller, uploaded } = await begin(bodies[kind]?.(body.content) as Body, {
    expect: true,
  })
  controller.abort(new Error('enough'))
  await expect(within('the end', uploaded)).rejects.toThrow('enough')
  await origin.reach(CANCELLED)
  expect(origin.frames).toEqual(['HEADERS', CANCELLED])
})

test('an answer while it asks, or before the next piece: what was not sent is not ended', async () => {
  for (const expect_ of [true, false]) {
    const body = waiting(1)
    const { origin, uploaded } = await begin(body.content(), { expect: expect_ })
    if (!expect_) await origin.reach('DATA')
    origin.answer(413, true)
    const response = await within('an answer', uploaded)
    expect([response.status, await response.text()]).toEqual([413, ''])
    await origin.reach(CANCELLED)
    expect(origin.frames).toEqual(['HEADERS', ...(expect_ ? [] : ['DATA']), CANCELLED])
  }
})

test('200 before all was sent, and then the body fails: no END_STREAM', async () => {
  for (const ended of [true, false]) {
    const body = waiting(1)
    const { origin, uploaded } = await begin(body.content(), { expect: false })
    await origin.reach('DATA')
    origin.answer(200, ended)
    const response = await within('an answer', uploaded)
    body.fail(new Error('the disk'))
    await origin.reach(CANCELLED)
    expect(origin.frames).toEqual(['HEADERS', 'DATA', CANCELLED])
    if (!ended) await expect(within('the end', response.text())).rejects.toThrow('the disk')
  }
})

test('agent.destroy(): the connection ends, and the content does not', async () => {
  const body = waiting(1)
  const { origin, uploaded } = await begin(body.content(), { expect: false })
  await origin.reach('DATA')
  const [socket] = origin.sockets
  const closed = new Promise((resolve) => socket?.once('close', resolve))
  origin.agent.destroy()
  await expect(within('the end', uploaded)).rejects.toMatchObject({ code: 'content_spent' })
  await within('the connection to end', closed)
  expect(origin.frames).not.toContain('DATA END_STREAM')
})
