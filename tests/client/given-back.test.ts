// README, "What happens when": a body that was not read to its end is given back, unless it is a request
// of a server, whose answer is still owed.
import { createReadStream, type ReadStream } from 'node:fs'
import http, { type IncomingMessage } from 'node:http'
import http2 from 'node:http2'
import type { AddressInfo } from 'node:net'
import { Readable } from 'node:stream'
import { type Body, upload } from '@expectation/client'
import { afterThisTest } from '../support/cleanup.js'
import { bare, latch, serve, within } from '../support/server.js'
import { forbidStrayErrors } from '../support/stray-errors.js'
import { answer, scripted, take } from './upload-server.js'

forbidStrayErrors()

const once = { retry: false } as const

/** Nobody listens at it any more. */
async function nowhere(): Promise<string> {
  const { url, server } = await serve(http.createServer())
  await new Promise((resolve) => server.close(resolve))
  return url
}

function webStream() {
  const cancelled = latch()
  const stream = new ReadableStream({ cancel: () => cancelled.open() }, { highWaterMark: 0 })
  return { stream, cancelled: cancelled.opened }
}

test('a web stream is cancelled: refused before it was read, or never connected', async () => {
  const first = webStream()
  const { url } = await scripted(answer(413))
  expect((await upload(url, { body: first.stream })).status).toBe(413)
  await within('the cancellation', first.cancelled)
  const second = webStream()
  await expect(upload(await nowhere(), { body: second.stream, ...once })).rejects.toThrow()
  await within('the cancellation', second.cancelled)
})

test('a file behind a web stream is closed', async () => {
  const { url } = await scripted(answer(413))
  // Large: one that is read to its end closes by itself.
  const file = createReadStream(process.execPath)
  await upload(url, { body: Readable.toWeb(file) as ReadableStream })
  await within('the file to close', closed(file))
})

test('a generator is ended, read from or not', async () => {
  const { url } = await scripted(answer(413))
  const ended = latch()
  const unread = {
    [Symbol.asyncIterator]: () => unread,
    next: async () => ({ done: false as const, value: Buffer.from('a') }),
    return: async () => {
      ended.open()
      return { done: true as const, value: undefined }
    },
  }
  await upload(url, { body: unread })
  await within('the end', ended.opened)
  const taken = latch()
  async function* endless() {
    try {
      for (;;) yield Buffer.alloc(65_536)
    } finally {
      taken.open()
    }
  }
  await upload(url, { body: endless(), expect: false }).catch(() => undefined)
  await within('the end', taken.opened)
})

test('the answer that a client of Node got is destroyed', async () => {
  const source = await bare((_request, response) => {
    response.writeHead(200, { 'Content-Length': 5_000_000 }).write(Buffer.alloc(1_000))
  })
  const got = await new Promise<IncomingMessage>((resolve) => http.get(source.url, resolve))
  got.on('error', () => undefined)
  const { url, seen } = await scripted(answer(413))
  expect((await upload(url, { body: got })).status).toBe(413)
  expect(seen[0]?.headers['content-length']).toBe('5000000')
  await within('the answer to close', closed(got))
})

test('a request of a server is not: it is answered (RFC 9110 section 15)', async () => {
  const refusing = await scripted(answer(413))
  const relay = await bare(async (request, response) => {
    const { status } = await upload(refusing.url, { body: request })
    response.writeHead(status).end()
  })
  const status = new Promise((resolve) => {
    const request = http.request(relay.url, { method: 'PUT' }, (got) => {
      resolve(got.resume().statusCode)
    })
    request.end(Buffer.alloc(1_000))
  })
  expect(await within('an answer', status)).toBe(413)
})

test('nor is a stream of an HTTP/2 server, which is the request and its answer', async () => {
  const refusing = await scripted(answer(413))
  const server = http2.createServer()
  server.on('stream', async (stream) => {
    const { status } = await upload(refusing.url, { body: stream, expect: true })
    stream.respond({ ':status': status }, { endStream: true })
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const client = http2.connect(`http://127.0.0.1:${(server.address() as AddressInfo).port}`)
  afterThisTest(async () => {
    const over = new Promise((resolve) => server.close(resolve))
    client.destroy()
    await over
  })
  const stream = client.request({ ':method': 'PUT' }, { endStream: false })
  const status = new Promise((resolve) => {
    stream.once('response', (headers) => resolve(headers[':status']))
  })
  stream.write('a')
  expect(await within('an answer', status)).toBe(413)
})

describe('a function', () => {
  test.each(['a file', 'a web stream'])('%s that is ready after the end', async (kind) => {
    const { url } = await scripted(take())
    const called = latch()
    const ready = latch<Body>()
    const controller = new AbortController()
    const body = async () => {
      called.open()
      return (await ready.opened) as ReadStream | ReadableStream
    }
    const uploaded = upload(url, { body, expect: false, signal: controller.signal })
    await within('the call', called.opened)
    controller.abort(new Error('enough'))
    await expect(within('the end', uploaded)).rejects.toThrow('enough')
    const file = createReadStream(__filename)
    const web = webStream()
    ready.open(kind === 'a file' ? file : web.stream)
    if (kind === 'a file') await within('the file to close', closed(file))
    else {
      file.destroy()
      await within('the cancellation', web.cancelled)
    }
  })

  test('what the attempt before had read from', async () => {
    const { url } = await scripted((request, response, seen) => {
      request.once('data', () => answer(503, { 'Retry-After': '0' })(request, response, seen))
    }, take())
    const made: Readable[] = []
    const body = () => {
      const stream = new Readable({ read() {} })
      stream.push(Buffer.alloc(10))
      if (made.length > 0) stream.push(null)
      made.push(stream)
      return stream
    }
    const response = await within('an answer', upload(url, { body, expect: false }))
    expect(response.status).toBe(201)
    expect(made.map(({ destroyed }) => destroyed)).toEqual([true, true])
  })
})

function closed(stream: Readable): Promise<void> {
  return new Promise((resolve) => {
    if (stream.closed) resolve()
    else stream.once('close', () => resolve())
  })
}
