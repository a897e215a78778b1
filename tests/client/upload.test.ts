// RFC 9110 10.1.1: ask, wait for the verdict, send; a final answer ends it. RFC 9112 9.3, 9.6: what a
// connection is still owed is never left on one that is used again.
import http from 'node:http'
import https from 'node:https'
import { EarlyAnswerAgent, upload } from '@expectation/client'
import { certificate } from '../support/certificate.js'
import { afterThisTest } from '../support/cleanup.js'
import { bare, serve, within } from '../support/server.js'
import { standStill } from '../support/stand-still.js'
import { forbidStrayErrors } from '../support/stray-errors.js'
import { manners, rudeServer } from './rude-server.js'
import { answer, counting, type Step, scripted, take } from './upload-server.js'

forbidStrayErrors()

const SIZE = 200_000
const CONTENT = Buffer.alloc(SIZE, 'a')

describe('asking', () => {
  test('a refusal: nothing is read, and the stream is given back', async () => {
    const { url } = await scripted(answer(413))
    const { stream, reads } = counting(SIZE)
    const response = await within('an answer', upload(url, { body: stream }))
    expect(response.status).toBe(413)
    expect(reads()).toBe(0)
    expect(response.upload).toMatchObject({
      sentBytes: 0,
      attempts: [{ asked: true, verdict: 'answer', sentBytes: 0, status: 413 }],
    })
    expect(stream.destroyed).toBe(true)
  })

  test('a verdict that came while the process was busy is heard, however late it is', async () => {
    const { url } = await scripted((request, response, seen) => {
      answer(413)(request, response, seen)
      standStill(300)
    })
    const { stream, reads } = counting(SIZE)
    const options = { body: stream, continueTimeoutMs: 200 }
    const response = await within('an answer', upload(url, options))
    expect(response.upload.attempts).toMatchObject([{ verdict: 'answer', status: 413 }])
    expect(reads()).toBe(0)
  })

  test('a request that is passed on is not destroyed: its answer is still owed', async () => {
    const origin = await scripted(answer(413))
    const { url } = await bare(async (request, response) => {
      const refused = await upload(origin.url, { body: request })
      response.writeHead(refused.status).end(await refused.text())
    })
    const response = await within('an answer', upload(url, { body: CONTENT, expect: false }))
    expect(response.status).toBe(413)
    expect(await response.text()).toBe('413\n')
    expect(origin.seen[0]?.headers['content-length']).toBe(String(SIZE))
  })

  test('small content is not asked for, unless told; large is not, when told', async () => {
    const { url, seen } = await scripted(take())
    await upload(url, { body: Buffer.alloc(65_535) })
    await upload(url, { body: Buffer.alloc(65_536) })
    await upload(url, { body: 'a', expect: true })
    await upload(url, { body: CONTENT, expect: false })
    await upload(url, { body: Buffer.alloc(100), expectFromBytes: '0.05kb' })
    expect(seen.map(({ asked }) => asked)).toEqual([false, true, true, false, true])
  })

  test('a silent server: content goes after the wait, and is not waited for again', async () => {
    const silent: Step = (request, response, seen) =>
      take()(request, response, { ...seen, asked: false })
    const { url, seen } = await scripted(silent)
    const first = await upload(url, { body: CONTENT, continueTimeoutMs: 50 })
    const second = await upload(url, { body: CONTENT })
    expect(first.upload.attempts).toMatchObject([{ asked: true, verdict: 'silence' }])
    expect(second.upload.attempts).toMatchObject([{ asked: false, verdict: 'none' }])
    expect(seen).toHaveLength(2)
  })

  test('a server that says 417 is not asked again', async () => {
    const declines: Step = (request, response, seen) =>
      (seen.asked ? answer(417) : take())(request, response, seen)
    const { url, seen } = await scripted(declines)
    expect((await upload(url, { body: CONTENT })).status).toBe(201)
    expect((await upload(url, { body: CONTENT })).status).toBe(201)
    expect(seen.map(({ asked }) => asked)).toEqual([true, false, false])
  })

  test('interim responses are told, 100 is not', async () => {
    const server = http.createServer()
    server.on('checkContinue', (request, response) => {
      response.writeEarlyHints({ link: '</style.css>; rel=preload' })
      response.writeContinue()
      request.resume().on('end', () => response.end())
    })
    const running = await serve(server)
    const told: unknown[] = []
    await upload(running.url, {
      body: CONTENT,
      onInformation: ({ status, headers }) => told.push([status, headers.get('link')]),
    })
    expect(told).toEqual([[103, '</style.css>; rel=preload']])
  })
})

describe('answers', () => {
  test.each(Object.keys(manners))('a server that %s', async (manner) => {
    const leave = manners[manner]
    if (leave === undefined) throw new Error('unreachable')
    const { url } = await rudeServer(leave)
    for (let round = 0; round < 5; round += 1) {
      const response = await within(
        'an answer',
        upload(url, { body: Buffer.alloc(8_000_000), expect: false }),
      )
      expect(response.status).toBe(413)
      expect(await response.text()).toBe('no\n')
    }
  })

  test('a 2xx that comes early: all content is sent all the same', async () => {
    let bytes = 0
    const done = new Promise<void>((resolve) => {
      void scriptedEarly(resolve)
    })
    let url = ''
    async function scriptedEarly(resolve: () => void): Promise<void> {
      const running = await bare((request, response) => {
        request.once('data', () => response.end('early'))
        request.on('data', (piece: Buffer) => {
          bytes += piece.length
        })
        request.on('end', resolve)
      })
      url = running.url
      const { stream } = counting(5_000_000)
      const response = await upload(url, { body: stream, contentLength: 5_000_000, expect: false })
      expect(await response.text()).toBe('early')
    }
    await within('all content', done, 5_000)
    expect(bytes).toBe(5_000_000)
  })

  test('a 2xx in place of the 100 by a server that reads on: all content is sent', async () => {
    const { url } = await scripted((request, response) => {
      response.flushHeaders()
      request.pipe(response)
    })
    const { stream } = counting(5_000_000)
    const response = await within('an answer', upload(url, { body: stream }))
    const bytes = await within('content', response.arrayBuffer())
    expect(bytes.byteLength).toBe(5_000_000)
    expect(response.upload.attempts).toMatchObject([{ asked: true, verdict: 'answer' }])
  })

  test('a whole 2xx in place of the 100: nothing is read', async () => {
    const { url, seen } = await scripted(answer(200))
    const { stream, reads } = counting(5_000_000)
    const response = await within('an answer', upload(url, { body: stream }))
    expect(await response.text()).toBe('200\n')
    expect(reads()).toBe(0)
    expect(seen).toHaveLength(1)
  })

  test('is a Response: json, headers, clone, stream', async () => {
    const { url } = await bare((request, response) => {
      request.resume()
      response.setHeader('Set-Cookie', ['a=1', 'b=2'])
      response.setHeader('Content-Type', 'application/json').end('{"a":1}')
    })
    const response = await upload(url, { body: 'hello' })
    expect(response).toBeInstanceOf(Response)
    expect(response).toMatchObject({ status: 200, ok: true, url: `${url}/`, redirected: false })
    expect(response.headers.getSetCookie()).toEqual(['a=1', 'b=2'])
    const copy = response.clone()
    expect(await response.json()).toEqual({ a: 1 })
    expect(await copy.text()).toBe('{"a":1}')
    expect(response.bodyUsed).toBe(true)
    await expect(response.text()).rejects.toThrow(/read/)
    const other = await upload(url, { body: 'hello' })
    expect(await new Response(other.body).text()).toBe('{"a":1}')
    expect(await (await upload(url, { body: 'hello' })).blob()).toMatchObject({ size: 7 })
  })

  test('an answer of 5 MB, and one that is cut', async () => {
    const { url } = await bare((request, response) => {
      request.resume()
      if (request.url === '/cut') {
        response
          .writeHead(200, { 'Content-Length': 10 })
          .write('half', () => request.socket.destroy())
      } else response.end(Buffer.alloc(5_000_000))
    })
    const whole = await upload(url, { body: 'hello' })
    expect((await whole.arrayBuffer()).byteLength).toBe(5_000_000)
    const cut = await upload(`${url}/cut`, { body: 'hello' })
    await expect(cut.text()).rejects.toThrow()
  })

  test('a kept connection is used again, also after an answer nobody reads', async () => {
    const ports = new Set<number | undefined>()
    const { url } = await bare((request, response) => {
      ports.add(request.socket.remotePort)
      request.resume().on('end', () => response.end('ok'))
    })
    for (let round = 0; round < 4; round += 1) {
      await upload(url, { body: CONTENT })
      await new Promise((resolve) => setTimeout(resolve, 20))
    }
    expect(ports.size).toBe(1)
  })
})

describe('TLS', () => {
  test('HTTP/1.1, with an agent of one’s own', async () => {
    const { port } = await serve(
      https.createServer(certificate, (request, response) => {
        request.resume().on('end', () => response.end(request.httpVersion))
      }),
    )
    const agent = new EarlyAnswerAgent.Secure({ ca: certificate.cert })
    afterThisTest(() => agent.destroy())
    for (let round = 0; round < 3; round += 1) {
      const response = await within(
        'an answer',
        upload(`https://localhost:${port}/`, { body: CONTENT, agent }),
      )
      expect(await response.text()).toBe('1.1')
      expect(response.upload.attempts).toMatchObject([{ protocol: 'http/1.1' }])
    }
  })

  test('a certificate that is not trusted: refused_connection, once', async () => {
    const { port } = await serve(https.createServer(certificate, () => undefined))
    const failed = upload(`https://localhost:${port}/`, { body: CONTENT })
    await expect(within('an error', failed)).rejects.toMatchObject({
      code: 'refused_connection',
      upload: { attempts: { length: 1 } },
    })
  })
})
