// RFC 9113: interim responses are header blocks, a refusal ends the stream and not the connection.
// RFC 7301: the server chooses the protocol when TLS begins.
import { once } from 'node:events'
import http2, { type Http2ServerRequest, type Http2ServerResponse } from 'node:http2'
import { upload } from '@expectation/client'
import { certificate } from '../support/certificate.js'
import { within } from '../support/server.js'
import { forbidStrayErrors } from '../support/stray-errors.js'
import { http2Origin } from './http2-origin.js'
import { counting } from './upload-server.js'

forbidStrayErrors()

const SIZE = 1_000_000

type Play = (request: Http2ServerRequest, response: Http2ServerResponse) => void

async function http2Server(play: Play) {
  const server = http2.createSecureServer({ ...certificate, allowHTTP1: true })
  server.on('request', play)
  server.on('checkContinue', play)
  return await http2Origin(server)
}

const store: Play = (request, response) => {
  if (request.headers.expect === '100-continue') response.writeContinue()
  let bytes = 0
  request.on('data', (piece: Buffer) => {
    bytes += piece.length
  })
  request.on('end', () => response.end(`${request.httpVersion} ${bytes}`))
}

test('is asked, and takes the content; one session for all', async () => {
  const { url, agent, sessions } = await http2Server(store)
  for (let round = 0; round < 3; round += 1) {
    const { stream } = counting(SIZE)
    const response = await within('an answer', upload(url, { body: stream, agent }))
    expect(await response.text()).toBe(`2.0 ${SIZE}`)
    expect(response.upload).toMatchObject({
      sentBytes: SIZE,
      attempts: [{ protocol: 'h2', asked: true, verdict: 'continue' }],
    })
  }
  expect(sessions.size).toBe(1)
})

test('many at once to an origin that is not known yet', async () => {
  const { url, agent } = await http2Server(store)
  const all = Array.from({ length: 8 }, () => upload(url, { body: Buffer.alloc(100_000), agent }))
  const texts = await within('answers', Promise.all(all.map(async (each) => (await each).text())))
  expect(new Set(texts)).toEqual(new Set(['2.0 100000']))
})

test('a server may not push: nobody would take it (RFC 9113 section 8.4)', async () => {
  const { url, agent } = await http2Server((request, response) => {
    request.resume().on('end', () => response.end(`${request.stream.pushAllowed}`))
  })
  const response = await within('an answer', upload(url, { body: 'a', agent }))
  expect(await response.text()).toBe('false')
})

test('a refusal: nothing is read, and the session lives on', async () => {
  const { url, agent, sessions } = await http2Server((_request, response) => {
    response.writeHead(413).end('no')
  })
  for (let round = 0; round < 3; round += 1) {
    const { stream, reads } = counting(SIZE)
    const response = await within('an answer', upload(url, { body: stream, agent }))
    expect(response.status).toBe(413)
    expect(await response.text()).toBe('no')
    expect(reads()).toBe(0)
  }
  expect(sessions.size).toBe(1)
})

test('a 2xx in place of the 100 by a server that reads on: all content is sent', async () => {
  const { url, agent } = await http2Server((request, response) => {
    response.writeHead(200)
    request.pipe(response)
  })
  const { stream } = counting(SIZE)
  const response = await within('an answer', upload(url, { body: stream, agent }))
  const bytes = await within('content', response.arrayBuffer())
  expect(bytes.byteLength).toBe(SIZE)
  expect(response.upload).toMatchObject({
    sentBytes: SIZE,
    attempts: [{ protocol: 'h2', asked: true, verdict: 'answer', status: 200 }],
  })
})

test('a whole 2xx in place of the 100: nothing is read', async () => {
  const { url, agent } = await http2Server((_request, response) => response.writeHead(204).end())
  const { stream, reads } = counting(SIZE)
  const response = await within('an answer', upload(url, { body: stream, agent }))
  expect(response.status).toBe(204)
  await within('the end', once(stream, 'close'))
  expect(reads()).toBe(0)
})

test('not asked: an early answer stops it', async () => {
  const { url, agent } = await http2Server((_request, response) => {
    response.writeHead(413).end('no')
  })
  const options = { body: Buffer.alloc(20_000_000), agent, expect: false }
  const response = await within('an answer', upload(url, options))
  expect(response.status).toBe(413)
  expect(await response.text()).toBe('no')
  expect(response.upload.sentBytes).toBeLessThan(20_000_000)
})

test('503, then 201; a stream that is reset before the verdict is repeated', async () => {
  let calls = 0
  const { url, agent } = await http2Server((request, response) => {
    calls += 1
    if (calls === 1) response.writeHead(503, { 'retry-after': '0' }).end()
    else if (calls === 2) request.stream.close(http2.constants.NGHTTP2_REFUSED_STREAM)
    else store(request, response)
  })
  const { stream } = counting(SIZE)
  const retry = { minDelayMs: 1, maxDelayMs: 10 }
  const response = await within(
    'an answer',
    upload(url, { method: 'POST', body: stream, agent, retry }),
  )
  expect(await response.text()).toBe(`2.0 ${SIZE}`)
  expect(response.upload.attempts).toHaveLength(3)
})

test('a refused stream is repeated, whatever the method (RFC 9113 section 8.7)', async () => {
  let calls = 0
  const { url, agent } = await http2Server((request, response) => {
    calls += 1
    if (calls === 1) request.stream.close(http2.constants.NGHTTP2_REFUSED_STREAM)
    else store(request, response)
  })
  const options = { method: 'POST', body: 'hello', agent, retry: { minDelayMs: 1 } }
  const response = await within('an answer', upload(url, options))
  expect(await response.text()).toBe('2.0 5')
  expect(response.upload.attempts).toMatchObject([{ error: 'connection_lost' }, { status: 200 }])
})

test('HTTP_1_1_REQUIRED: the next attempt speaks HTTP/1.1 (RFC 9113 section 7)', async () => {
  const { url, agent } = await http2Server((request, response) => {
    if (request.httpVersionMajor === 1) store(request, response)
    else request.stream.close(http2.constants.NGHTTP2_HTTP_1_1_REQUIRED)
  })
  const { stream } = counting(SIZE)
  const options = { method: 'POST', body: stream, agent, retry: { minDelayMs: 1 } }
  const response = await within('an answer', upload(url, options))
  expect(await response.text()).toBe(`1.1 ${SIZE}`)
  expect(response.upload.attempts).toMatchObject([{ protocol: 'h2' }, { protocol: 'http/1.1' }])
})

test('aborted while sending', async () => {
  const controller = new AbortController()
  const { url, agent } = await http2Server((_request, response) => {
    response.writeContinue()
    setTimeout(() => controller.abort(new Error('enough')), 20)
  })
  const uploaded = upload(url, {
    body: Buffer.alloc(20_000_000),
    agent,
    signal: controller.signal,
  })
  await expect(within('the end', uploaded)).rejects.toThrow('enough')
})

test('a reset without an error and an answer, while sending (RFC 9113 section 8.1)', async () => {
  const { url, agent, sessions } = await http2Server((request) => {
    request.once('data', () => request.stream.close(http2.constants.NGHTTP2_NO_ERROR))
  })
  const uploaded = upload(url, {
    body: Buffer.alloc(2_000_000),
    agent,
    expect: false,
    retry: false,
  })
  await expect(within('the end', uploaded)).rejects.toMatchObject({ code: 'connection_lost' })
  const [session] = sessions
  if (session === undefined) throw new Error('There was no session.')
  // What was not sent is given up: the client has no stream that would keep the session.
  const closed = once(session, 'close')
  agent.destroy()
  await within('the session to close', closed)
})

test('agent.destroy() ends the sessions that it has, idle or not', async () => {
  let received: (() => void) | undefined
  const content = new Promise<void>((resolve) => {
    received = resolve
  })
  const { url, agent, sessions } = await http2Server((request) =>
    request.on('data', () => received?.()),
  )
  const options = { body: Buffer.alloc(20 * SIZE), agent, expect: false, retry: false as const }
  const uploaded = upload(url, options)
  await within('content', content)
  const closed = [...sessions].map((session) => once(session, 'close'))
  agent.destroy()
  await expect(within('the end', uploaded)).rejects.toMatchObject({ code: 'connection_lost' })
  await within('the session to close', Promise.all(closed))
  expect(closed).toHaveLength(1)
})

test('an answer, then a reset without an error: the answer counts (RFC 9113 section 8.1)', async () => {
  const { url, agent } = await http2Server((request, response) => {
    response.writeHead(413)
    response.end('no', () => request.stream.close(http2.constants.NGHTTP2_NO_ERROR))
  })
  for (let round = 0; round < 5; round += 1) {
    const options = { body: Buffer.alloc(2_000_000), agent, expect: false }
    const response = await within('an answer', upload(url, options))
    expect([response.status, await response.text()]).toEqual([413, 'no'])
  }
})
