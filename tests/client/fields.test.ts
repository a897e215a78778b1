// RFC 9110 5.3, 6.6.2, 7.6.1, RFC 9112 6.2, RFC 9113 8.2.2, 8.3.1: fields that the client writes itself,
// or that may stand once, are refused where they are written. Every other name goes out as it is.
import http from 'node:http'
import http2 from 'node:http2'
import https from 'node:https'
import net from 'node:net'
import { Readable } from 'node:stream'
import { EarlyAnswerAgent, type FieldsInput, OptionError, upload } from '@expectation/client'
import { certificate } from '../support/certificate.js'
import { afterThisTest } from '../support/cleanup.js'
import { serve, within } from '../support/server.js'
import { forbidStrayErrors } from '../support/stray-errors.js'
import { http2Origin } from './http2-origin.js'
import { answer, scripted, take } from './upload-server.js'

forbidStrayErrors()

const once = { retry: false } as const

/** An HTTP/2 server that gives back the fields that it got. */
async function http2Echo(answered: http2.OutgoingHttpHeaders = {}) {
  const server = http2.createSecureServer({ ...certificate, maxHeaderListPairs: 65_536 })
  server.on(
    'stream',
    (stream: http2.ServerHttp2Stream, _headers: object, _flags: number, raw: string[]) => {
      stream.on('error', () => undefined)
      stream.respond({ ':status': 200, ...answered })
      stream.end(JSON.stringify(raw))
    },
  )
  return await http2Origin(server)
}

const refused: Readonly<Record<string, FieldsInput>> = {
  'Trailer, as no trailer fields follow (RFC 9110 section 6.6.2)': { Trailer: 'X-Sum' },
  'TE other than trailers (RFC 9113 section 8.2.2)': { TE: 'gzip' },
  'Proxy-Connection (RFC 9110 section 7.6.1)': { 'Proxy-Connection': 'keep-alive' },
  'HTTP2-Settings (RFC 9113 section 8.2.2)': { 'HTTP2-Settings': 'AA' },
  'Host twice (RFC 9112 section 3.2)': { Host: ['a', 'b'] },
  'Content-Type twice (RFC 9110 section 5.3)': [
    ['Content-Type', 'a/b'],
    ['content-type', 'c/d'],
  ],
  'Authorization twice (RFC 9110 section 5.3)': { Authorization: 'a', authorization: 'b' },
  'Content-Length twice (RFC 9112 section 6.3)': { 'Content-Length': ['3', '4'] },
}

test.each(Object.keys(refused))('refused before anything is sent: %s', async (name) => {
  const { url, seen } = await scripted(answer(401), take())
  const headers = refused[name] as FieldsInput
  await expect(upload(url, { body: 'abc', headers })).rejects.toThrow(OptionError)
  expect(seen).toEqual([])
  const authorized = upload(url, { body: 'abc', authorize: () => headers })
  await expect(within('an error', authorized)).rejects.toMatchObject({
    code: 'authorize_failed',
    cause: { name: 'OptionError' },
  })
  expect(seen).toHaveLength(1)
})

describe('a head that Node refuses only when it is written', () => {
  class Adding extends http.Agent {
    addRequest(request: http.ClientRequest, options: object): void {
      request.setHeader('Trailer', 'X-Sum')
      Reflect.get(http.Agent.prototype, 'addRequest').call(this, request, options)
    }
  }
  test.each([
    ['asked', true, 'abc'],
    ['small content', false, 'abc'],
    ['content in pieces', false, Buffer.alloc(200_000)],
  ])('%s: malformed_request, and no error of the process', async (_title, expect_, body) => {
    const { url, seen } = await scripted(take())
    const uploaded = upload(url, { body, expect: expect_, agent: new Adding() })
    await expect(within('an error', uploaded)).rejects.toMatchObject({
      code: 'malformed_request',
      cause: { code: 'ERR_HTTP_TRAILER_INVALID' },
      upload: { attempts: [{ error: 'malformed_request' }] },
    })
    expect(seen).toEqual([])
  })

  test('an agent that throws at the first connection over TLS: refused_connection', async () => {
    const { url } = await serve(https.createServer({ ...certificate }, () => undefined))
    class Throwing extends EarlyAnswerAgent.Secure {
      addRequest(): void {
        throw new Error('mine')
      }
    }
    const agent = new Throwing({ ca: certificate.cert })
    const target = url.replace('http://127.0.0.1', 'https://localhost')
    await expect(within('an error', upload(target, { agent, ...once }))).rejects.toMatchObject({
      code: 'refused_connection',
      cause: { message: 'mine' },
    })
  })
})

describe('authorize()', () => {
  /** Says 401 to the first request, 200 to the next; keeps what the second one was. */
  async function second() {
    let connections = 0
    let text = ''
    const server = net.createServer((socket) => {
      const isFirst = connections === 0
      connections += 1
      afterThisTest(() => void socket.destroy())
      socket.on('error', () => undefined)
      socket.on('data', (bytes) => {
        if (isFirst) socket.end('HTTP/1.1 401 No\r\nConnection: close\r\nContent-Length: 0\r\n\r\n')
        else text += bytes.toString('latin1')
        if (text.includes('hello')) {
          socket.end('HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: 0\r\n\r\n')
        }
      })
    })
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
    afterThisTest(() => new Promise<void>((resolve) => server.close(() => resolve())))
    const url = `http://127.0.0.1:${(server.address() as net.AddressInfo).port}/`
    return { url, text: () => text }
  }

  test('one framing only (RFC 9112 section 6.2): another Content-Length is refused', async () => {
    const { url, text } = await second()
    const uploaded = upload(url, {
      body: () => Readable.from(['hello']),
      expect: false,
      authorize: () => ({ Authorization: 'x', 'Content-Length': '5' }),
    })
    await expect(within('an error', uploaded)).rejects.toMatchObject({ code: 'authorize_failed' })
    expect(text()).toBe('')
  })

  test('the one that is sent anyway, as signers return it, is sent once', async () => {
    const { url, text } = await second()
    const authorize = () => ({ Authorization: 'x', 'content-length': '5' })
    const response = await within('an answer', upload(url, { body: 'hello', authorize }))
    expect(response.status).toBe(200)
    expect(text().match(/content-length|transfer-encoding/gi)).toEqual(['Content-Length'])
  })
})

describe('names of members that every object has', () => {
  const headers = [
    ['constructor', 'a'],
    ['__proto__', 'b'],
    ['toString', 'c'],
    ['__proto__', 'd'],
  ] as const

  test('HTTP/1.1: as they are', async () => {
    let raw: readonly string[] = []
    const { url } = await scripted((request, response) => {
      raw = request.rawHeaders
      response.end()
    })
    await (await upload(url, { headers })).text()
    expect(raw.join(' ')).toMatch(/^constructor a __proto__ b __proto__ d toString c /)
  })

  test('HTTP/2: as they are; lists of which Node takes one line are one line', async () => {
    const { url, agent } = await http2Echo()
    const lists = [
      ...headers,
      ['If-Match', '"a"'],
      ['If-Match', '"b"'],
      ['TE', 'trailers'],
    ] as const
    const response = await within('an answer', upload(url, { body: 'a', agent, headers: lists }))
    const raw: readonly string[] = JSON.parse(await response.text())
    const text = raw.join(' ')
    for (const field of ['constructor a', '__proto__ b', '__proto__ d', 'tostring c']) {
      expect(text).toContain(field)
    }
    expect(text).toContain('if-match "a", "b"')
    expect(text).toContain('te trailers')
  })
})

describe('an answer of 1500 fields has all of them', () => {
  const names = Array.from({ length: 1_500 }, (_each, index) => `x${index}`)

  test('HTTP/1.1', async () => {
    const fields = Object.fromEntries(names.map((name) => [name, '1']))
    const { url } = await scripted((_request, response) => response.writeHead(200, fields).end())
    const { headers } = await within('an answer', upload(url, { body: 'a' }))
    expect(names.filter((name) => !headers.has(name))).toEqual([])
  })

  test('HTTP/2', async () => {
    const { url, agent } = await http2Echo(Object.fromEntries(names.map((name) => [name, '1'])))
    const { headers } = await within('an answer', upload(url, { body: 'a', agent, ...once }))
    expect(names.filter((name) => !headers.has(name))).toEqual([])
  })
})
