// Law 0 (RFC 9112 9.6): a client that sends all it has to say and half-closes (`nc -N`, `socket.end(bytes)`) gets
// every answer that plain Node gives it.
import http from 'node:http'
import https from 'node:https'
import type { AddressInfo } from 'node:net'
import tls from 'node:tls'
import { attach } from '@expectation/core/node'
import { expectation } from '@expectation/express'
import express from 'express'
import { certificate } from '../support/certificate.js'
import { RawClient } from '../support/raw-client.js'
import { asking, chunks, head } from '../support/request.js'
import { bare, serve, within } from '../support/server.js'

interface Input {
  readonly bytes: string
  /** How much content the application gets. */
  readonly length: number
}

const sized: Input = { bytes: `${head({ length: 2 })}hi`, length: 2 }
const chunked: Input = { bytes: `${head({ chunked: true })}${chunks('hi')}`, length: 2 }
const pieces: Input = { bytes: `${head({ chunked: true })}${chunks('a', 'b', 'c')}`, length: 3 }
const asks: Input = { bytes: `${asking()}12345`, length: 5 }
const none: Input = { bytes: head({ method: 'GET' }), length: 0 }

const inputs: Readonly<Record<string, readonly Input[]>> = {
  sized: [sized],
  chunked: [chunked],
  'of three pieces': [pieces],
  asking: [asks],
  'without content behind content': [sized, none],
  'three of a kind': [sized, sized, sized],
  'of each kind': [sized, pieces, chunked, asks, none],
  'more than are held': Array.from({ length: 40 }, () => chunked),
  'more than are held, asking': Array.from({ length: 24 }, () => asks),
}

const manners: Readonly<Record<string, (answer: () => void) => void>> = {
  'at once': (answer) => answer(),
  'after promises': (answer) => void Promise.resolve().then(answer),
  'in the next turn': (answer) => void setImmediate(answer),
}

const servers = {
  plain: bare,
  attached: (listener: http.RequestListener) => serve(attach(http.createServer(listener))),
  gated: (listener: http.RequestListener) => serve(attach(http.createServer(listener), {})),
}

describe.each(Object.entries(servers))('%s', (_server, start) => {
  describe.each(Object.entries(manners))('answered %s', (_when, manner) => {
    test.each(Object.entries(inputs))('%s', async (_input, requests) => {
      const running = await start((request, response) => {
        let bytes = 0
        request.on('data', (part: Buffer) => {
          bytes += part.length
        })
        request.on('end', () => manner(() => response.end(String(bytes))))
      })
      const client = await RawClient.connect(running)
      client.send(requests.map(({ bytes }) => bytes).join(''))
      client.halfClose()
      for (const { length } of requests) expect((await client.answer()).text).toBe(String(length))
      expect(await client.over()).toBe('')
    })
  })
})

test('a body parser reads what had to wait', async () => {
  const app = express()
    .use(expectation())
    .use(express.text())
    .use((request, response) => void response.send(String(request.body)))
  const client = await RawClient.connect(await serve(http.createServer(app)))
  const text = `${head({ length: 2, type: 'text/plain' })}hi`
  client.send(text.repeat(4))
  client.halfClose()
  for (let answer = 0; answer < 4; answer += 1) {
    expect((await client.final()).text).toBe('hi')
  }
})

// Bytes that nobody can parse, or half a request, behind the content: a fast answer is the request's own, and
// the client of a slow one gets what it gets from plain Node.
const behind: Readonly<Record<string, string>> = { garbage: 'x', 'half a request': 'GET / HT' }
const late: Readonly<Record<string, (answer: () => void) => void>> = {
  'after some time': (answer) => void setTimeout(answer, 400).unref(),
  never: () => {},
}

describe.each(Object.entries(servers))('%s', (_server, start) => {
  describe.each(Object.entries(behind))('%s behind content', (_what, rest) => {
    test.each(Object.entries(late))('answered %s: 400', async (_when, manner) => {
      const running = await start((request, response) => {
        request.on('error', () => {}).resume()
        request.on('end', () => manner(() => response.end('late')))
      })
      const client = await RawClient.connect(running)
      client.send(sized.bytes + rest)
      client.halfClose()
      expect((await client.answer()).status).toBe(400)
      expect(await client.over()).toBe('')
    })
  })
})

describe('over TLS', () => {
  const secure = (listener: http.RequestListener) => https.createServer(certificate, listener)
  const ways = {
    plain: secure,
    attached: (listener: http.RequestListener) => attach(secure(listener)),
    gated: (listener: http.RequestListener) => attach(secure(listener), {}),
  }

  async function answersTo(server: https.Server, bytes: string): Promise<string> {
    await serve(server)
    const { port } = server.address() as AddressInfo
    const client = tls.connect({ port, rejectUnauthorized: false })
    let seen = ''
    client.setEncoding('latin1').on('data', (part: string) => {
      seen += part
    })
    client.end(bytes)
    await within('the end', new Promise((resolve) => client.once('close', resolve)))
    return seen
  }

  describe.each(Object.entries(ways))('%s', (_server, make) => {
    describe.each(Object.entries(behind))('%s behind content', (_what, rest) => {
      test.each(Object.entries(late))('answered %s: 400', async (_when, manner) => {
        const server = make((request, response) => {
          request.on('error', () => {}).resume()
          request.on('end', () => manner(() => response.end('late')))
        })
        const seen = await answersTo(server, sized.bytes + rest)
        expect(seen.match(/HTTP\/1.1 \d+/g)).toEqual(['HTTP/1.1 400'])
      })
    })
  })
})

test('the application that listens for clientError answers it, once', async () => {
  const server = attach(http.createServer((request) => void request.resume()))
  let told = 0
  server.on('clientError', (_error, socket) => {
    told += 1
    socket.end('HTTP/1.1 422 Unprocessable Content\r\nContent-Length: 0\r\n\r\n')
  })
  const client = await RawClient.connect(await serve(server))
  client.send(`${sized.bytes}x`)
  client.halfClose()
  expect((await client.final()).status).toBe(422)
  expect(await client.over()).toBe('')
  expect(told).toBe(1)
})

describe.each(Object.entries(servers))(
  '%s, garbage behind a handler that never answers',
  (_server, start) => {
    test('the timeout that the application has set ends it: 400', async () => {
      const running = await start((request) => {
        request.socket.setTimeout(100)
        request.resume()
      })
      const client = await RawClient.connect(running)
      client.send(`${sized.bytes}x`)
      expect((await client.answer()).status).toBe(400)
      expect(await client.over()).toBe('')
    })
  },
)

describe.each(Object.entries(servers))(
  '%s, content that nobody reads behind content that was held',
  (_server, start) => {
    test.each([
      ['chunked', [pieces]],
      [
        'chunked and sized',
        [pieces, { bytes: `${head({ length: 5000 })}${'y'.repeat(5000)}`, length: 5000 }],
      ],
    ])(
      '%s: the socket is read no further, and garbage behind it pushes no answer out',
      async (_input, before) => {
        const running = await start((request, response) => {
          if (request.method === 'PATCH') setTimeout(() => response.end('unread'), 20)
          else request.resume().on('end', () => response.end())
        })
        const client = await RawClient.connect(running)
        const unread = `${head({ method: 'PATCH', length: 121_642 })}${'z'.repeat(121_642)}`
        client.send(`${before.map(({ bytes }) => bytes).join('')}${unread}x`)
        client.halfClose()
        for (const _each of before) expect((await client.answer()).status).toBe(200)
        expect((await client.answer()).text).toBe('unread')
      },
    )
  },
)
