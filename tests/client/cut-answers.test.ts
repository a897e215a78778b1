// RFC 9110 section 6.1 and RFC 9112 section 8: an answer that was cut is incomplete, and whoever reads it has
// to be told. RFC 9113 section 8.1: over HTTP/2 it is complete with END_STREAM. It rejects alike over both.
import http2, { type ServerHttp2Stream } from 'node:http2'
import https from 'node:https'
import type { Socket } from 'node:net'
import { upload } from '@expectation/client'
import { certificate } from '../support/certificate.js'
import { afterThisTest } from '../support/cleanup.js'
import { latch, serve, within } from '../support/server.js'
import { forbidStrayErrors } from '../support/stray-errors.js'
import { framesOrigin } from './http2-frames.js'
import { http2Origin } from './http2-origin.js'

forbidStrayErrors()

/** What HTTP/1.1 says of it, in Node's words. */
const CUT = { message: 'aborted', code: 'ECONNRESET' }

const readers: Readonly<Record<string, (response: Response) => Promise<unknown>>> = {
  'text()': (response) => response.text(),
  'json()': (response) => response.json(),
  'bytes()': (response) => response.arrayBuffer(),
  'clone()': (response) => response.clone().text(),
  body: async (response) => {
    const reader = response.body?.getReader()
    while ((await reader?.read())?.done === false);
  },
}

interface Answering {
  readonly stream: ServerHttp2Stream
  readonly socket: Socket
}

const cuts: Readonly<Record<string, (answering: Answering) => void>> = {
  'the connection ends': ({ socket }) => void socket.destroy(),
  'GOAWAY, and the end': ({ stream }) => void stream.session?.destroy(),
  'a graceful GOAWAY before the end': ({ stream, socket }) => {
    stream.session?.goaway(http2.constants.NGHTTP2_NO_ERROR)
    setImmediate(() => socket.destroy())
  },
  RST_STREAM: ({ stream }) => void stream.destroy(new Error('mine')),
  // Node's handler gives up, and the reset has no error.
  'RST_STREAM without an error': ({ stream }) => void stream.destroy(),
}

/** Begins an answer with `[1]`, which is JSON by itself; more is done when the client has begun to read. */
async function http2Beginning(headers: http2.OutgoingHttpHeaders, more: (at: Answering) => void) {
  const server = http2.createSecureServer(certificate)
  let socket: Socket | undefined
  const read = latch()
  server.on('connection', (connection: Socket) => {
    socket = connection
  })
  server.on('sessionError', () => undefined)
  server.on('stream', (stream) => {
    stream.on('error', () => undefined)
    stream.resume()
    stream.on('end', async () => {
      stream.respond({ ':status': 200, ...headers })
      stream.write('[1]')
      await read.opened
      if (socket !== undefined) more({ stream, socket })
    })
  })
  return { ...(await http2Origin(server)), read }
}

/** Once the head and the bytes are there, the rest is let go on. */
async function answerOf(url: string, agent: https.Agent, read: { open(): void }) {
  const options = { body: 'x', agent, retry: false } as const
  const response = await within('an answer', upload(url, options))
  setTimeout(() => read.open(), 20)
  return response
}

describe.each(Object.keys(readers))('%s of an answer that was cut rejects', (reader) => {
  const readBy = readers[reader] as (response: Response) => Promise<unknown>

  test('HTTP/1.1', async () => {
    const read = latch()
    const server = https.createServer(certificate, (request, response) => {
      response.writeHead(200, { 'content-length': 1000 }).write('[1]')
      void read.opened.then(() => request.socket.destroy())
    })
    const { url } = await serve(server)
    const agent = new https.Agent({ ca: certificate.cert })
    afterThisTest(() => agent.destroy())
    const target = url.replace('http://127.0.0.1', 'https://localhost')
    const response = await answerOf(target, agent, { open: () => read.open() })
    await expect(within('the end', readBy(response))).rejects.toMatchObject(CUT)
  })

  const lengths: readonly http2.OutgoingHttpHeaders[] = [{ 'content-length': 1000 }, {}]
  for (const headers of lengths) {
    const how = 'content-length' in headers ? 'with Content-Length' : 'without a length'
    test.each(Object.keys(cuts))(`HTTP/2, ${how}: %s`, async (cut) => {
      const { url, agent, read } = await http2Beginning(headers, (at) => cuts[cut]?.(at))
      const response = await answerOf(url, agent, { open: () => read.open() })
      await expect(within('the end', readBy(response))).rejects.toMatchObject(CUT)
    })
  }
})

describe('Content-Length that is not that of the content (RFC 9113 section 8.1.1)', () => {
  const finishes: Readonly<Record<string, (at: Answering) => void>> = {
    'fewer bytes, END_STREAM': ({ stream }) => void stream.end(),
    'more bytes, END_STREAM': ({ stream }) => void stream.end('1234567890'),
    // Node resets the stream before END_STREAM has left then.
    'fewer bytes, a reset without an error': ({ stream }) => {
      stream.end('2', () => stream.close(http2.constants.NGHTTP2_NO_ERROR))
    },
  }
  test.each(Object.keys(finishes))('%s: it rejects', async (finish) => {
    const headers = { 'content-length': 8 }
    const { url, agent, read } = await http2Beginning(headers, (at) => finishes[finish]?.(at))
    const response = await answerOf(url, agent, { open: () => read.open() })
    await expect(within('the end', response.text())).rejects.toMatchObject(CUT)
  })
})

describe('an answer that came to its end is whole', () => {
  test.each([{ 'content-length': 4 }, {}])('and then the connection ends: %p', async (headers) => {
    const { url, agent, read } = await http2Beginning(headers, ({ stream }) => {
      const { session } = stream
      stream.end(' ', () => session?.close())
    })
    const response = await answerOf(url, agent, { open: () => read.open() })
    expect(await within('the content', response.json())).toEqual([1])
  })

  test.each([
    ['NO_ERROR', 0],
    ['INTERNAL_ERROR', 2],
    ['CANCEL, as of HAProxy', 8],
  ])('and its stream is reset at once: %s', async (_name, code) => {
    const { url, agent } = await framesOrigin({ refusesWith: code })
    // Many, as Node hands over all frames of one packet in one turn only where it begins a request meanwhile.
    const options = { agent, body: Buffer.alloc(500_000), expect: false, retry: false } as const
    const all = Array.from({ length: 8 }, async () => {
      const answers: string[] = []
      for (let round = 0; round < 20; round += 1) {
        const response = await upload(url, options)
        answers.push(`${response.status} ${await response.text()}`)
      }
      return answers
    })
    const answers = await within('all answers', Promise.all(all))
    expect(new Set(answers.flat())).toEqual(new Set(['403 not here']))
  })

  test('with trailer fields', async () => {
    const server = http2.createSecureServer(certificate)
    server.on('stream', (stream) => {
      stream.on('error', () => undefined)
      stream.respond({ ':status': 200 }, { waitForTrailers: true })
      stream.on('wantTrailers', () => stream.sendTrailers({ 'x-sum': '1' }))
      stream.end('[1]')
    })
    const { url, agent } = await http2Origin(server)
    const response = await within('an answer', upload(url, { body: 'x', agent, retry: false }))
    expect(await within('the content', response.json())).toEqual([1])
  })

  test('without content', async () => {
    const server = http2.createSecureServer(certificate)
    server.on('stream', (stream) => stream.respond({ ':status': 201 }, { endStream: true }))
    const { url, agent } = await http2Origin(server)
    const response = await within('an answer', upload(url, { body: 'x', agent, retry: false }))
    expect(await within('the content', response.text())).toBe('')
  })

  test('before all was sent, and the connection ends behind it', async () => {
    const server = http2.createSecureServer(certificate)
    server.on('stream', (stream) => {
      stream.on('error', () => undefined)
      stream.respond({ ':status': 413, 'content-length': 2 })
      stream.end('no')
      setTimeout(() => stream.session?.destroy(), 50)
    })
    const { url, agent } = await http2Origin(server)
    const options = { body: Buffer.alloc(2_000_000), agent, expect: false, retry: false } as const
    const response = await within('an answer', upload(url, options))
    expect([response.status, await within('the content', response.text())]).toEqual([413, 'no'])
  })
})
