// A handler that gives its head and then begins to read. Node sends the head with the first byte of content: until then
// nothing speaks for a close but that nobody reads (law 0; RFC 9112 section 9.3).
import http from 'node:http'
import { attach } from '@expectation/core/node'
import { RawClient } from '../support/raw-client.js'
import { closesAfter } from '../support/refusal.js'
import { asking, chunks, head } from '../support/request.js'
import { serve } from '../support/server.js'

type Handler = (request: http.IncomingMessage, response: http.ServerResponse) => void

const CONTENT = 'x'.repeat(70_000)

/** Head, and content. */
const inputs: Readonly<Record<string, readonly [string, string]>> = {
  'of more than 64 KiB': [head({ length: CONTENT.length }), CONTENT],
  chunked: [head({ chunked: true }), chunks(CONTENT)],
  asking: [asking({ length: CONTENT.length }), CONTENT],
}

const wirings = { plain: 'plain', attached: undefined, gated: {} } as const

async function talkTo(handler: Handler, options: (typeof wirings)[keyof typeof wirings]) {
  const server = http.createServer((request, response) => {
    if (request.method === 'GET') response.end('second')
    else handler(request, response)
  })
  if (options !== 'plain') attach(server, options)
  return RawClient.connect(await serve(server))
}

const SECOND = 'GET / HTTP/1.1\r\nHost: a\r\n\r\n'

const readers: Readonly<Record<string, Handler>> = {
  'pipes into its answer': (request, response) => {
    response.writeHead(200)
    request.pipe(response)
  },
  iterates: async (request, response) => {
    response.writeHead(200, { 'X-A': '1' })
    let bytes = 0
    for await (const part of request) bytes += part.length
    response.end(String(bytes))
  },
  'tells its progress': (request, response) => {
    response.setHeader('X-A', '1')
    response.writeHead(201, 'Made')
    request.on('data', () => response.write('.')).on('end', () => response.end())
  },
  'begins to read some turns later': (request, response) => {
    response.writeHead(200, { 'Content-Length': String(CONTENT.length) })
    setTimeout(() => request.pipe(response), 10)
  },
  'answers without content': (request, response) => {
    response.writeHead(204)
    request.on('data', () => undefined).on('end', () => response.end())
  },
}

describe.each(Object.entries(wirings))('%s', (_wiring, options) => {
  describe.each(Object.entries(readers))(
    'a handler that gives its head, and %s',
    (_what, handler) => {
      test.each(Object.entries(inputs))(
        'content %s: the connection is kept, and serves the next request',
        async (_input, [first, content]) => {
          const client = await talkTo(handler, options)
          client.send(first)
          if (first.includes('100-continue')) await client.continue()
          client.send(content + SECOND)
          const answer = await client.answer()
          expect(answer.field('connection')).not.toBe('close')
          expect((await client.answer()).text).toBe('second')
        },
      )
    },
  )
})

const unread: Readonly<Record<string, Handler>> = {
  'does not read': (_request, response) => {
    response.writeHead(200)
    response.end('early')
  },
  'reads behind the first byte of its answer': (request, response) => {
    response.writeHead(200)
    response.flushHeaders()
    request.on('data', () => undefined)
    response.end('early')
  },
  'has said that the connection is kept': (_request, response) => {
    response.writeHead(200, { Connection: 'keep-alive' })
    response.end('early')
  },
  'had Node say nothing of the connection': (_request, response) => {
    response.removeHeader('Connection')
    response.writeHead(200)
    response.end('early')
  },
  'fails to give its head, and answers the error': (_request, response) => {
    expect(() => response.writeHead(200, { 'X-A': '\n' })).toThrow(/Invalid character/)
    response.writeHead(500)
    response.end('early')
  },
}

describe.each(['attached', 'gated'] as const)('%s', (wiring) => {
  describe.each(Object.entries(unread))('a handler that %s', (_what, handler) => {
    test.each(['of more than 64 KiB', 'chunked'])(
      'content %s (R25, RFC 9112 section 9.6): one close is said, and kept',
      async (input) => {
        const client = await talkTo(handler, wirings[wiring])
        const [first, content] = inputs[input] ?? ['', '']
        client.send(first + content.slice(0, 100))
        const answer = await client.answer()
        expect(client.seen.match(/^connection:/gim)).toHaveLength(1)
        expect(answer.field('connection')).toMatch(/^close/)
        client.send(content.slice(100) + SECOND)
        await closesAfter(client, answer)
        expect(client.seen).not.toContain('second')
      },
    )
  })
})

test.each(Object.entries(wirings))(
  '%s: a head that was given counts as sent',
  async (_how, options) => {
    const told: unknown[] = []
    const client = await talkTo((request, response) => {
      response.writeHead(200, { 'X-A': '1' })
      told.push(response.headersSent)
      for (const late of [() => response.setHeader('x', 'y'), () => response.writeHead(404)]) {
        expect(late).toThrow(/ERR_HTTP_HEADERS_SENT|after they are sent|already/i)
      }
      request.pipe(response)
    }, options)
    client.send(head({ length: CONTENT.length }) + CONTENT)
    const answer = await client.answer()
    expect([told, answer.status, answer.field('x-a')]).toEqual([[true], 200, '1'])
  },
)

test('R22 (RFC 9110 15.5.14): content over the limit takes such a head back', async () => {
  const server = http.createServer((request, response) => {
    response.writeHead(200)
    request.on('error', () => undefined).on('data', () => undefined)
  })
  const client = await RawClient.connect(await serve(attach(server, { maxContentLength: 4 })))
  client.send(head({ chunked: true }))
  await new Promise((resolve) => setTimeout(resolve, 20))
  client.send(chunks('hello'))
  const answer = await client.answer()
  expect([answer.status, answer.field('connection')]).toEqual([413, 'close'])
  expect(client.seen.match(/^connection:/gim)).toHaveLength(1)
})
