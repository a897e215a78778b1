// RFC 9112 6.2, 7.1: the length of what is sent is announced where it is known, else it goes in chunks.
// Every kind of body, and what happens when one fails.
import { appendFileSync, createReadStream, writeFileSync } from 'node:fs'
import { PassThrough, Readable } from 'node:stream'
import { pathToFileURL } from 'node:url'
import { runInNewContext } from 'node:vm'
import { type Body, upload } from '@expectation/client'
import { within } from '../support/server.js'
import { testWhen } from '../support/skip.js'
import { forbidStrayErrors } from '../support/stray-errors.js'
import { temporaryFile } from './temporary-file.js'
import { counting, scripted, take } from './upload-server.js'

forbidStrayErrors()

const SIZE = 200_000
const CONTENT = Buffer.alloc(SIZE, 'a')
const once = { retry: false } as const

const file = (): string => temporaryFile(CONTENT)

function shared(): SharedArrayBuffer {
  const memory = new SharedArrayBuffer(SIZE)
  new Uint8Array(memory).set(CONTENT)
  return memory
}

function ofAnotherRealm(): Body {
  const made: Body = runInNewContext(`new ArrayBuffer(${SIZE})`)
  return made
}

describe('bodies', () => {
  const known: Readonly<Record<string, () => Body>> = {
    Buffer: () => CONTENT,
    Uint8Array: () => new Uint8Array(CONTENT),
    ArrayBuffer: () => new Uint8Array(CONTENT).buffer,
    SharedArrayBuffer: () => shared(),
    'ArrayBuffer of another realm': () => ofAnotherRealm(),
    DataView: () => new DataView(new Uint8Array(CONTENT).buffer),
    string: () => CONTENT.toString(),
    Blob: () => new Blob([CONTENT]),
    'file: URL': () => pathToFileURL(file()),
    ReadStream: () => createReadStream(file()),
    'part of a ReadStream': () => createReadStream(file(), { start: 10, end: SIZE - 1 }),
  }
  const unknown: Readonly<Record<string, () => Body>> = {
    Readable: () => counting(SIZE).stream,
    'web stream': () => new Blob([CONTENT]).stream(),
    'async generator': () =>
      (async function* () {
        yield CONTENT
      })(),
    'stream of strings': () => Readable.from([CONTENT.toString()]),
    'function that makes a stream': () => () => counting(SIZE).stream,
    'function that promises bytes': () => async () => CONTENT,
  }

  test.each(Object.keys(known))('%s: the length is known, and sent', async (name) => {
    const { url, seen } = await scripted(take())
    const body = known[name]?.()
    const response = await within('an answer', upload(url, { body }))
    const size = name === 'part of a ReadStream' ? SIZE - 10 : SIZE
    expect(await response.text()).toBe(`${size}\n`)
    expect(seen[0]).toMatchObject({ asked: true, headers: { 'content-length': String(size) } })
    expect(response.upload).toMatchObject({ sentBytes: size, contentBytes: size })
  })

  test.each(Object.keys(unknown))('%s: in chunks', async (name) => {
    const { url, seen } = await scripted(take())
    const response = await within('an answer', upload(url, { body: unknown[name]?.() }))
    expect(await response.text()).toBe(`${SIZE}\n`)
    expect(seen[0]).toMatchObject({ asked: true, headers: { 'transfer-encoding': 'chunked' } })
    expect(response.upload).toMatchObject({ sentBytes: SIZE, contentBytes: undefined })
  })

  test('a stream of another package, with a path that is a file: in chunks', async () => {
    const { url, seen } = await scripted(take())
    for (const members of [{ path: file() }, { path: file(), start: 1 }, { path: __dirname }]) {
      const entry = Object.assign(new PassThrough(), members)
      entry.end('of the archive')
      const response = await within('an answer', upload(url, { body: entry, ...once }))
      expect(await response.text()).toBe('14\n')
      expect(seen.at(-1)?.headers).toMatchObject({ 'transfer-encoding': 'chunked' })
    }
  })

  test.each(['file: URL', 'ReadStream'])('%s of an empty file: Content-Length 0', async (kind) => {
    const { url, seen } = await scripted(take())
    const name = file()
    writeFileSync(name, '')
    const body = kind === 'ReadStream' ? createReadStream(name) : pathToFileURL(name)
    const response = await within('an answer', upload(url, { body, ...once }))
    expect(await response.text()).toBe('0\n')
    expect(seen[0]).toMatchObject({ asked: false, headers: { 'content-length': '0' } })
  })

  testWhen(process.platform === 'linux', 'there is no /proc')(
    'a file whose size is said to be 0 and that has content: in chunks',
    async () => {
      const { url, seen } = await scripted(take())
      const name = '/proc/self/status'
      for (const body of [pathToFileURL(name), createReadStream(name)]) {
        const response = await within('an answer', upload(url, { body, ...once }))
        expect(Number(await response.text())).toBeGreaterThan(0)
        expect(seen.at(-1)?.headers).toMatchObject({ 'transfer-encoding': 'chunked' })
      }
    },
  )

  test.each(['file: URL', 'ReadStream'])(
    '%s of a file that grows: what was there',
    async (kind) => {
      const name = file()
      const { url, seen } = await scripted((request, response, noted) => {
        appendFileSync(name, 'more')
        take()(request, response, noted)
      })
      const body = kind === 'ReadStream' ? createReadStream(name) : pathToFileURL(name)
      const response = await within('an answer', upload(url, { body, ...once }))
      expect(await response.text()).toBe(`${SIZE}\n`)
      expect(seen[0]?.headers['content-length']).toBe(String(SIZE))
    },
  )

  test('none: not asked', async () => {
    const { url, seen } = await scripted(take(204))
    const response = await upload(url, { method: 'POST' })
    expect(response).toMatchObject({ status: 204, body: null })
    expect(seen[0]).toMatchObject({ asked: false, headers: { 'content-length': '0' } })
  })

  test.each([
    ['more than announced', SIZE - 1],
    ['less than announced', SIZE + 1],
  ])('%s: content_failed', async (_title, contentLength) => {
    const { url } = await scripted(take())
    const failed = upload(url, { body: counting(SIZE).stream, contentLength })
    await expect(within('an error', failed)).rejects.toMatchObject({ code: 'content_failed' })
  })

  test('a stream that fails, and a function that throws: content_failed', async () => {
    const { url } = await scripted(take())
    const stream = new Readable({
      read() {
        this.destroy(new Error('disk'))
      },
    })
    const bodies: readonly Body[] = [
      stream,
      () => {
        throw new Error('disk')
      },
    ]
    for (const body of bodies) {
      await expect(within('an error', upload(url, { body }))).rejects.toMatchObject({
        code: 'content_failed',
        cause: { message: 'disk' },
      })
    }
  })

  test('a file that is not there fails before anything is sent', async () => {
    const { url, seen } = await scripted(take())
    const bodies: readonly (() => Body)[] = [
      () => new URL('file:///nowhere/at/all'),
      () => createReadStream('/nowhere/at/all'),
    ]
    for (const body of bodies) {
      await expect(within('an error', upload(url, { body: body() }))).rejects.toMatchObject({
        code: 'content_failed',
        cause: { code: 'ENOENT' },
      })
    }
    expect(seen.filter(({ bytes }) => bytes > 0)).toEqual([])
  })
})
