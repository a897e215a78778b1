// Content of unknown length, which is held to what was granted: it grows by extension, and is not read
// while one is asked for. In each framework, on each version of HTTP that it speaks.

import { once } from 'node:events'
import { Readable } from 'node:stream'
import { type Check, Refusal } from '@expectation/core'
import { latch } from '../../support/server.js'
import { until } from '../support/until.js'
import { FRAMEWORKS } from './apps.js'
import { growingUpload } from './growing-upload.js'
import { Held } from './held.js'

const CHUNK = 65_536
const MEGABYTE = 1_048_576
const full = () => new Refusal(503, { reason: 'uploads_at_capacity' })

const ROWS = FRAMEWORKS.flatMap((framework) =>
  framework.versions.map((version) => ({ name: framework.name, framework, version })),
)

describe.each(ROWS)('$name, HTTP/$version, content on credit', ({ framework, version }) => {
  test('grows step by step, until all is stored', async () => {
    const held = new Held()
    const asked: number[] = []
    const extend = async (received: number) => {
      asked.push(received)
      return received + 200_000
    }
    const checks = [held.check({ bytes: 1000, extend })]
    const { content, answer } = await growingUpload(framework, version, 'read', { checks })
    content.end(Buffer.alloc(MEGABYTE))
    expect(await answer()).toEqual({ status: 201, text: 'stored' })
    expect(asked.length).toBeGreaterThan(3)
    await held.givenBack('answered')
    expect(held.released[0]?.receivedBytes).toBe(MEGABYTE)
  })

  test('is not read while an extension is asked for', async () => {
    const held = new Held()
    const open = latch()
    const asked = latch()
    const granted = 2 * CHUNK
    const extend = async () => {
      asked.open()
      await open.opened
      return 100 * MEGABYTE
    }
    const checks = [held.check({ bytes: granted, extend })]
    const { content, answer, read } = await growingUpload(framework, version, 'read', { checks })
    content.write(Buffer.alloc(8 * MEGABYTE))
    await asked.opened
    // Nothing else moves it on: as many turns as it takes to read all of it.
    for (let turn = 0; turn < 200; turn += 1) await new Promise((done) => setImmediate(done))
    expect(read()).toBeLessThanOrEqual(granted + CHUNK)
    open.open()
    content.end()
    expect(await answer()).toEqual({ status: 201, text: 'stored' })
    expect(read()).toBe(8 * MEGABYTE)
    await held.givenBack('answered')
  })

  test('used up, and no more can be had: 413', async () => {
    const held = new Held()
    const { content, answer, reached } = await growingUpload(framework, version, 'read', {
      checks: [held.check({ bytes: 10 })],
    })
    content.write('x')
    await reached
    content.write('x'.repeat(10))
    expect(await answer()).toMatchObject({ status: 413 })
    await held.givenBack('answered')
  })

  test('used up, and refused midway: 503 with its reason, and who reads is told', async () => {
    const held = new Held()
    const extend = async (received: number) => (received > 150_000 ? full() : received * 2)
    const checks = [held.check({ bytes: 1000, extend })]
    const upload = await growingUpload(framework, version, 'read', { checks })
    upload.content.write(Buffer.alloc(MEGABYTE))
    const { status, text } = await upload.answer()
    expect(status).toBe(503)
    expect(text).toContain('uploads_at_capacity')
    await until('the reader has learned it', () => upload.failure() !== undefined)
    expect(upload.failure()).toBeInstanceOf(Refusal)
    await held.givenBack('answered')
  })

  test('a refusal while there is credit left is nothing to content that ends within it', async () => {
    const held = new Held()
    const checks = [held.check({ bytes: 1000, extend: full })]
    const { content, answer, reached } = await growingUpload(framework, version, 'read', { checks })
    content.write('x'.repeat(900))
    await reached
    content.end('x'.repeat(100))
    expect(await answer()).toMatchObject({ status: 201 })
    await held.givenBack('answered')
  })

  test.each<[string, () => number | Promise<number>]>([
    ['throws', () => raise(new Error('no'))],
    ['rejects', async () => raise(new Error('no'))],
    ['answers NaN', () => Number.NaN],
    ['answers nonsense', async () => 'much' as unknown as number],
    ['never answers', () => new Promise<number>(() => {})],
  ])('an extension that %s: 503, and nothing is held', async (_how, extend) => {
    const held = new Held()
    const gate = { checks: [held.check({ bytes: 10, extend })], contentTimeoutMs: 300 }
    const { content, answer } = await growingUpload(framework, version, 'read', gate)
    content.write(Buffer.alloc(1000))
    expect(await answer()).toMatchObject({ status: 503 })
    await held.givenBack('answered')
  })

  test('the client leaves while an extension is asked for', async () => {
    const held = new Held()
    const open = latch()
    const asked = latch()
    const extend = async () => {
      asked.open()
      await open.opened
      return full()
    }
    const gate = { checks: [held.check({ bytes: 10, extend })] }
    const { content, leave } = await growingUpload(framework, version, 'read', gate)
    content.write(Buffer.alloc(1000))
    await asked.opened
    leave()
    await held.givenBackSomehow()
    open.open()
    await once(process, 'nothing', { signal: AbortSignal.timeout(20) }).catch(() => {})
    expect(held.released).toHaveLength(1)
  })
})

// Node takes content of HTTP/1.1 into the stream's buffer before anybody reads; of HTTP/2 it does not.
const BUFFERED = ROWS.filter(({ version }) => version === 1)

/** Lets a request pass when that much of its content is buffered. */
const whenBuffered =
  (bytes: number): Check =>
  (_head, { request }) =>
    until('the content is there', () => messageOf(request).readableLength === bytes)

function messageOf(request: unknown): Readable {
  if (request instanceof Readable) return request
  const { raw, req } = request as { readonly raw?: unknown; readonly req?: unknown }
  return (raw ?? req) as Readable
}

describe.each(BUFFERED)(
  '$name, HTTP/1.1, content before the decision',
  ({ framework, version }) => {
    test.each([
      ['at once', (bytes: number) => bytes],
      ['later', async (bytes: number) => bytes],
    ])('is asked for too, %s', async (_how, grants) => {
      const held = new Held()
      const asked: number[] = []
      const extend = (received: number) => {
        asked.push(received)
        return grants(received + 1000)
      }
      const checks = [whenBuffered(900), held.check({ bytes: 100, extend })]
      const gate = { checks, checkTimeoutMs: 10_000 }
      const { content, answer, finish } = await growingUpload(framework, version, 'later', gate)
      content.end('x'.repeat(900))
      await until('it is asked for', () => asked.length > 0)
      expect(asked).toEqual([900])
      finish.open()
      expect(await answer()).toMatchObject({ status: 202 })
      await held.givenBack('answered')
    })

    test('and is not granted: 503', async () => {
      const held = new Held()
      const checks = [whenBuffered(900), held.check({ bytes: 100, extend: full })]
      const gate = { checks, checkTimeoutMs: 10_000 }
      const { content, answer } = await growingUpload(framework, version, 'later', gate)
      content.end('x'.repeat(900))
      const { status, text } = await answer()
      expect([status, text.includes('uploads_at_capacity')]).toEqual([503, true])
      await held.givenBack('answered')
    })
  },
)

function raise(error: Error): never {
  throw error
}
