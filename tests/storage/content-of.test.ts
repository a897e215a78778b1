// contentOf: content for an SDK. Read only when read (RFC 9110 section 10.1.1: a 100 that was not meant
// cannot be taken back), whole or told not to be (RFC 9112 section 8), and never an error by itself.

import { once } from 'node:events'
import type http from 'node:http'
import http2 from 'node:http2'
import type { AddressInfo } from 'node:net'
import { pipeline } from 'node:stream/promises'
import { Refusal } from '@expectation/core'
import { contentOf, type UploadRequest, type UploadResponse } from '@expectation/storage'
import { afterThisTest } from '../support/cleanup.js'
import { MIB } from '../support/content.js'
import { framedSession } from '../support/framed-session.js'
import { asking, chunks, head } from '../support/request.js'
import { latch, within } from '../support/server.js'
import { forbidStrayErrors } from '../support/stray-errors.js'
import { aborted, type Given, server, text } from './support/given.js'
import { thrownFor } from './support/thrown.js'

forbidStrayErrors()

async function serveHttp2(
  listener: (request: UploadRequest, response: UploadResponse) => void,
): Promise<{ readonly port: number }> {
  const server = http2.createServer(listener)
  const sessions = new Set<http2.ServerHttp2Session>()
  server.on('session', (session) => sessions.add(session))
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  afterThisTest(async () => {
    const closed = once(server, 'close')
    server.close()
    for (const session of sessions) session.destroy()
    await closed
  })
  return { port: (server.address() as AddressInfo).port }
}

describe.each([
  ['attached', true],
  ['plain Node', false],
])('%s', (_name, attached) => {
  test('RFC 9112 6.2, MUST: content of a declared length is read to its end', async () => {
    const { client, given } = await server(attached)
    client.send(`${head({ length: 5 })}hello`)
    const { content, response } = await given
    expect(content.length).toBe(5)
    expect(await text(content)).toBe('hello')
    response.end()
    expect((await client.final()).status).toBe(200)
    expect(content.signal.aborted).toBe(false)
  })

  test('RFC 9112 7.1, MUST: chunked content has no length, and an end', async () => {
    const { client, given } = await server(attached)
    client.send(head({ chunked: true }) + chunks('hel', 'lo'))
    const { content } = await given
    expect(content.length).toBeUndefined()
    expect(await text(content)).toBe('hello')
  })

  test('no content is an end at once', async () => {
    const { client, given } = await server(attached)
    client.send(head({ method: 'GET' }))
    const { content } = await given
    expect(content.length).toBe(0)
    expect(await text(content)).toBe('')
  })

  test('RFC 9112 8, MUST: a client that leaves half-way aborts, and the stream ends without an error', async () => {
    const { client, given } = await server(attached)
    client.send(`${head({ length: 100 })}half`)
    const { content } = await given
    const errors: unknown[] = []
    content.body.on('error', (error) => errors.push(error))
    const closed = new Promise((resolve) => content.body.once('close', resolve))
    content.body.once('data', () => client.reset())
    expect(await aborted(content.signal)).toMatchObject({ status: 400, reason: 'upload_cut_off' })
    await within('the stream to close', closed)
    expect(content.body.readableEnded).toBe(false)
    expect(errors).toEqual([])
  })

  test('… and neither do those wait for ever who look at the stream alone', async () => {
    const { client, given } = await server(attached)
    client.send(`${head({ length: 100 })}half`)
    const { content } = await given
    const piped = pipeline(content.body, async (source) => {
      for await (const _chunk of source) client.destroy()
    })
    await expect(within('a pipeline', piped)).rejects.toMatchObject({
      code: 'ERR_STREAM_PREMATURE_CLOSE',
    })
  })

  test('a client that leaves before anything was read aborts, too', async () => {
    const { client, given } = await server(attached)
    client.send(asking({ length: 100 }))
    const { content } = await given
    client.reset()
    expect(await aborted(content.signal)).toBeInstanceOf(Refusal)
  })

  test('a client that leaves after its content was whole aborts nothing', async () => {
    const { client, given } = await server(attached)
    client.send(`${head({ length: 5 })}hello`)
    const { content, response } = await given
    expect(await text(content)).toBe('hello')
    const closed = new Promise((resolve) => response.once('close', resolve))
    client.reset()
    await within('the connection to close', closed)
    expect(content.signal.aborted).toBe(false)
  })

  test.each<[string, (request: http.IncomingMessage) => unknown]>([
    [
      'has read before',
      async (request) => {
        for await (const _chunk of request);
      },
    ],
    ['drops', (request) => request.resume()],
    ['listens to', (request) => request.on('data', () => undefined)],
    ['has made text of', (request) => request.setEncoding('utf8')],
  ])('content that somebody %s is refused to be given', async (_how, before) => {
    expect(await thrownFor(`${head({ length: 5 })}hello`, before)).toMatchObject({
      code: 'ERR_EXPECTATION_CONTENT_READ',
    })
  })

  test('a reader that is slower than the client holds it back: at most 512 KiB are in memory', async () => {
    const { client, given } = await server(attached)
    const length = 16 * MIB
    client.send(head({ length }))
    client.send(Buffer.alloc(length))
    const { content } = await given
    let read = 0
    let most = 0
    for await (const chunk of content.body) {
      // The kernel has much more to give: what it has given is bounded by what was asked for.
      for (let turn = 0; turn < 5; turn += 1) await new Promise((next) => setImmediate(next))
      most = Math.max(most, content.request.socket.bytesRead - read)
      read += chunk.length
    }
    expect(read).toBe(length)
    expect(most).toBeLessThan(512 * 1024)
  }, 60_000)
})

describe('100 on demand', () => {
  test('R17: the first read asks for the content, having it does not', async () => {
    const { client, given } = await server()
    client.send(asking())
    const { content } = await given
    content.body.on('error', () => undefined)
    content.body.on('close', () => undefined)
    await client.quiet(50)
    const read = text(content)
    await client.continue()
    client.send('hello')
    expect(await read).toBe('hello')
  })

  test('law 3: content over the limit aborts with the refusal that the client gets', async () => {
    const { client, given } = await server(true, 10)
    client.send(head({ chunked: true }) + chunks('0123456789').slice(0, -5))
    const { content } = await given
    content.body.once('data', () => client.send(chunks('!')))
    expect(await aborted(content.signal)).toMatchObject({ status: 413 })
    expect((await client.final()).status).toBe(413)
  })

  test.each([
    [
      // Node's client ends a stream before it resets it: only the length tells.
      'RFC 9113 8.1.1: a stream that ends before its declared length',
      { 'content-length': 100 },
      (stream: http2.ClientHttp2Stream) => stream.close(http2.constants.NGHTTP2_CANCEL),
    ],
    [
      'RFC 9113 5.1: a stream whose connection has gone',
      {},
      (stream: http2.ClientHttp2Stream) => stream.session?.destroy(),
    ],
  ])('%s aborts', async (_name, fields, leave) => {
    const given = latch<Given>()
    const { port } = await serveHttp2((request, response) => {
      given.open({ content: contentOf(request, response), response })
    })
    const { client } = await framedSession({ port })
    const stream = client.request({ ':method': 'PUT', ':path': '/a', ...fields })
    stream.on('error', () => undefined)
    stream.write('half')
    const { content } = await within('a request', given.opened)
    content.body.once('data', () => leave(stream))
    expect(await aborted(content.signal)).toMatchObject({ reason: 'upload_cut_off' })
    expect(content.body.readableEnded).toBe(false)
  })

  test('RFC 9113 8.1: a stream of unknown length is read to its end', async () => {
    const given = latch<Given>()
    const { port } = await serveHttp2((request, response) => {
      given.open({ content: contentOf(request, response), response })
    })
    const { client } = await framedSession({ port })
    client.request({ ':method': 'PUT', ':path': '/a' }).end('hello')
    const { content } = await within('a request', given.opened)
    expect(content.length).toBeUndefined()
    expect(await text(content)).toBe('hello')
    expect(content.signal.aborted).toBe(false)
  })

  test('a body that is given up is not read any further', async () => {
    const { client, given } = await server()
    client.send(head({ length: MIB }))
    client.send(Buffer.alloc(MIB / 2))
    const { content, response } = await given
    content.body.once('data', () => content.body.destroy())
    await within('the stream', new Promise((resolve) => content.body.once('close', resolve)))
    expect(content.signal.aborted).toBe(false)
    response.writeHead(502).end()
    expect((await client.final()).status).toBe(502)
  })
})
