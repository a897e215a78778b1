// What people write by mistake is told where it was written, before anything is sent; what is odd and
// allowed goes out as it is.
import { createReadStream } from 'node:fs'
import http from 'node:http'
import net from 'node:net'
import { PassThrough, Readable } from 'node:stream'
import { type Body, OptionError, upload } from '@expectation/client'
import { afterThisTest } from '../support/cleanup.js'
import { within } from '../support/server.js'
import { forbidStrayErrors } from '../support/stray-errors.js'
import { scripted, take } from './upload-server.js'

forbidStrayErrors()

const once = { retry: false } as const

/** Sends `answer` to the first bytes, and keeps what came. */
async function raw(answer: string) {
  const received: Buffer[] = []
  const server = net.createServer((socket) => {
    afterThisTest(() => void socket.destroy())
    socket.on('error', () => undefined)
    socket.on('data', (bytes) => {
      if (received.length === 0) socket.write(answer)
      received.push(bytes)
    })
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  afterThisTest(() => new Promise<void>((resolve) => server.close(() => resolve())))
  const url = `http://127.0.0.1:${(server.address() as net.AddressInfo).port}/`
  return { url, text: () => Buffer.concat(received).toString('latin1') }
}

async function refusalOf(body: unknown, options = {}): Promise<OptionError> {
  const { url, seen } = await scripted(take())
  const error: unknown = await upload(url, { body: body as Body, ...options }).catch((e) => e)
  expect(seen).toEqual([])
  if (error instanceof OptionError) return error
  throw new Error(`not refused as an option: ${error}`)
}

describe('bodies', () => {
  test.each([
    ['an object', { a: 1 }, /JSON\.stringify/],
    ['an array', ['a'], /JSON\.stringify/],
    ['a map', new Map([['a', 'b']]), /function that makes one/],
    ['fields', new Headers({ a: 'b' }), /function that makes one/],
    ['a number', 42, /function that makes one/],
    ['a promise', Promise.resolve('a'), /function that makes one/],
  ])('%s is none', async (_what, body, remedy) => {
    expect((await refusalOf(body)).message).toMatch(remedy)
  })

  test('streams that somebody had already', async () => {
    const destroyed = createReadStream(__filename)
    destroyed.destroy()
    const ended = Readable.from([])
    ended.resume()
    await new Promise((resolve) => ended.once('close', resolve))
    const locked = new Blob(['a']).stream()
    locked.getReader()
    for (const used of [destroyed, ended, locked]) {
      expect((await refusalOf(used)).message).toMatch(/nobody has read/)
    }
  })

  test('a web stream that was read to its end is no empty one', async () => {
    const stream = new Blob(['hello']).stream()
    for await (const _piece of stream) {
      // All of it.
    }
    const { url } = await scripted(take())
    const uploading = upload(url, { body: stream, ...once })
    await expect(uploading).rejects.toMatchObject({ code: 'content_failed' })
  })

  test('… and one whose beginning was read gives the rest, as a stream of Node does', async () => {
    const stream = new ReadableStream({
      start(controller) {
        for (const part of ['a', 'bc']) controller.enqueue(Buffer.from(part))
        controller.close()
      },
    })
    const reader = stream.getReader()
    await reader.read()
    reader.releaseLock()
    const { url } = await scripted(take())
    expect((await upload(url, { body: stream, ...once })).upload.sentBytes).toBe(2)
  })

  test.each([
    ['bytes', new Uint8Array(8)],
    ['a buffer', new Uint8Array(8).buffer],
  ])('%s that were transferred away are not none', async (_what, body) => {
    const buffer = ArrayBuffer.isView(body) ? body.buffer : body
    structuredClone(buffer, { transfer: [buffer] })
    expect((await refusalOf(body)).message).toContain('give a copy')
  })

  test('a length that is not that of the bytes', async () => {
    for (const body of ['abc', new Blob(['abc'])]) {
      expect((await refusalOf(body, { contentLength: 5 })).option).toBe('contentLength')
    }
  })

  test('a function that gives nothing', async () => {
    const { url } = await scripted(take())
    const uploaded = upload(url, { body: (() => null) as unknown as () => string, ...once })
    await expect(uploaded).rejects.toMatchObject({
      code: 'content_failed',
      cause: { message: 'The body gave null, not bytes' },
    })
  })

  test('a stream that was told to make strings gives the bytes that it had', async () => {
    const { url } = await raw('HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n')
    const body = new PassThrough()
    body.setEncoding('latin1')
    body.end(Buffer.from([0xe9, 0xff]))
    const response = await upload(url, { body, contentLength: 2 })
    expect(response.upload.sentBytes).toBe(2)
  })
})

describe('URLs', () => {
  test('what stands before the @ is not told to whoever reads the log', async () => {
    const uploaded = upload('ftp://me:secret@example.com/', { body: 'a' })
    await expect(uploaded).rejects.toThrow(OptionError)
    await expect(uploaded).rejects.not.toThrow(/secret/)
  })

  test('nor is what stands there in a Location (RFC 9110 section 17.9)', async () => {
    const { url, port } = await scripted((request, response, seen) => {
      const Location = `http://me:secret@127.0.0.1:${port}/b#secret`
      if (request.url === '/a') response.writeHead(307, { Location }).end()
      else take()(request, response, seen)
    })
    const response = await upload(`${url}/a#secret`, { body: 'a' })
    expect(response).toMatchObject({ status: 201, url: `${url}/b`, redirected: true })
    expect(JSON.stringify(response.upload)).not.toContain('secret')
  })

  test('a user with half an escape is told what to write (RFC 3986 section 2.1)', async () => {
    await expect(upload('http://a%zz:b@127.0.0.1:1/')).rejects.toThrow(/%25/)
  })

  test('the same text twice, of a scheme that is not spoken', async () => {
    for (const _time of [1, 2]) {
      await expect(upload('ftp://example.com/')).rejects.toThrow(OptionError)
    }
  })
})

describe('heads', () => {
  test.each([true, false])('asks: %p: bytes above 0x7f stay what they are', async (expect_) => {
    const { url, text } = await raw('HTTP/1.1 413 No\r\nContent-Length: 0\r\n\r\n')
    const headers = { 'X-Name': 'f\u00fcr' }
    await upload(url, { body: 'abc', expect: expect_, headers })
    expect(text()).toContain('X-Name: f\u00fcr\r\n')
    expect(text().includes('Expect: 100-continue\r\n')).toBe(expect_)
  })

  test('an agent that writes the head by itself leaves nothing to ask with', async () => {
    class Eager extends http.Agent {
      addRequest(request: http.ClientRequest, options: object): void {
        request.flushHeaders()
        Reflect.get(http.Agent.prototype, 'addRequest').call(this, request, options)
      }
    }
    const { url, seen } = await scripted(take())
    const response = await upload(url, { body: 'abc', expect: true, agent: new Eager() })
    expect(await response.text()).toBe('3\n')
    expect(seen).toMatchObject([{ asked: false, bytes: 3 }])
    expect(response.upload.attempts).toMatchObject([{ asked: false, verdict: 'none' }])
  })

  test('a switch of protocols that nobody asked for is no answer (RFC 9110 section 15.2.2)', async () => {
    const { url } = await raw('HTTP/1.1 101 Switching\r\nUpgrade: x\r\nConnection: Upgrade\r\n\r\n')
    const uploaded = upload(url, { body: 'abc', ...once })
    await expect(within('an error', uploaded)).rejects.toMatchObject({ code: 'malformed_answer' })
  })
})
