// Heads that the application writes by itself, or tries to, beside the 100.
import type { IncomingMessage, ServerResponse } from 'node:http'
import http from 'node:http'
import http2 from 'node:http2'
import { type AnswerBegun, attach, CHANNELS } from '@expectation/core/node'
import { expectation } from '@expectation/express'
import express from 'express'
import { listen } from '../contract/suite/servers.js'
import { framedSession } from '../support/framed-session.js'
import { published } from '../support/published.js'
import { RawClient } from '../support/raw-client.js'
import { asking, head } from '../support/request.js'
import { serve } from '../support/server.js'
import { contentOf } from '../support/uploads.js'

test("R18 definition (RFC 9110 15.2.1): other interim responses are the application's own", async () => {
  const app = express().use(expectation())
  app.put('/files/:name', async (req, res) => {
    res.writeEarlyHints({ link: '</a.css>; rel=preload' })
    res.json({ content: await contentOf(req) })
  })
  const client = await RawClient.connect(await serve(app))
  client.send(asking())
  expect((await client.next()).status).toBe(103)
  await client.continue()
  client.send('12345')
  expect((await client.final()).status).toBe(200)
})

const unwritable: Readonly<Record<string, (response: ServerResponse) => unknown>> = {
  'a status that is no number': (response) => response.writeHead(Number.NaN),
  'a status over 999': (response) => response.writeHead(1000),
  'a field with a line break': (response) => response.writeHead(413, { 'X-Reason': 'too\nlarge' }),
  'a field without a value': (response) =>
    response.writeHead(413, ['X-Reason', undefined] as never),
}

test.each(Object.entries(unwritable))(
  'R16 MUST (RFC 9110 10.1.1): a head that Node refuses to write is no answer: %s',
  async (_what, write) => {
    const answers = published<AnswerBegun>(CHANNELS.answer)
    const app = express().use(expectation())
    app.put('/files/:name', async (req, res) => {
      expect(() => write(res)).toThrow()
      res.status(200).json({ content: await contentOf(req) })
    })
    const client = await RawClient.connect(await serve(app))
    client.send(asking())
    await client.continue()
    client.send('12345')
    expect((await client.final()).status).toBe(200)
    expect(answers.map(({ status }) => status)).toEqual([200])
  },
)

const named: Readonly<Record<string, (response: ServerResponse) => unknown>> = {
  'by writeHead': (response) => response.writeHead(426, { Connection: 'Keep-Alive, Upgrade' }),
  'by a list': (response) => response.writeHead(426, ['connection', 'upgrade']),
  'by pairs': (response) => response.writeHead(426, [['Connection', 'Upgrade, close']] as never),
  'by setHeader': (response) => response.setHeader('Connection', 'upgrade').writeHead(426),
}

test.each(Object.entries(named))(
  'R3 MUST (RFC 9110 7.6.1): options that the application names stay beside close: %s',
  async (_how, write) => {
    const server = attach(
      http.createServer((_request, response) => {
        response.setHeader('Upgrade', 'a/1')
        write(response)
        response.end()
      }),
    )
    const client = await RawClient.connect(await serve(server))
    client.send(head({ length: 500_000 }))
    expect((await client.final()).field('connection')?.toLowerCase()).toBe('close, upgrade')
  },
)

const unwritableOnHttp2: Readonly<Record<string, (response: ServerResponse) => unknown>> = {
  'a status of an interim response': (response) => response.writeHead(103),
  'a status that is none': (response) => response.writeHead(1000),
  'a pseudo-header field': (response) => response.writeHead(413, { ':path': '/' }),
}

test.each(Object.entries(unwritableOnHttp2))(
  'R16 MUST (RFC 9110 10.1.1): nor is it on HTTP/2: %s',
  async (_what, write) => {
    const answers = published<AnswerBegun>(CHANNELS.answer)
    const server = http2.createServer()
    attach(server, {})
    server.on('request', async (request, response) => {
      expect(() => write(response as unknown as ServerResponse)).toThrow()
      response.statusCode = 200
      response.end(await contentOf(request))
    })
    const { client } = await framedSession({ port: await listen(server) })
    const fields = { ':method': 'PUT', ':path': '/', expect: '100-continue', 'content-length': 5 }
    const stream = client.request(fields)
    await new Promise((resolve) => stream.once('continue', resolve))
    stream.end('12345')
    expect(await contentOf(stream)).toBe('12345')
    expect(answers.map(({ status }) => status)).toEqual([200])
  },
)

describe('`headersSent` replaced, as @fastify/express does it to tell its own `send`', () => {
  const replaced = (response: ServerResponse, value: boolean) =>
    Object.defineProperty(response, 'headersSent', { configurable: true, get: () => value })

  test('law 4: content that came with its head leaves the connection as it is', async () => {
    const listener: http.RequestListener = async (request, response) => {
      const content = await contentOf(request)
      replaced(response, true)
      response.end(content)
    }
    const client = await RawClient.connect(await serve(attach(http.createServer(listener))))
    client.send(`${asking()}12345`)
    expect((await client.final()).field('connection')).toBe('keep-alive')
    client.send(`${asking()}54321`)
    expect((await client.final()).text).toBe('54321')
  })

  test('law 4: a refusal that leaves content unread says close', async () => {
    const listener: http.RequestListener = (_request, response) => {
      replaced(response, true)
      response.writeHead(401).end()
    }
    const client = await RawClient.connect(await serve(attach(http.createServer(listener))))
    client.send(head({ length: 1_000_000 }))
    expect((await client.final()).field('connection')).toBe('close')
    await client.fin()
  })

  test('law 3: an answer that was begun is cut, where content goes over the limit', async () => {
    const server = attach(http.createServer(), { maxContentLength: 4 })
    const begun = new Promise<void>((resolve) => {
      server.on('request', (request: IncomingMessage, response: ServerResponse) => {
        replaced(response, false)
        response.writeHead(200).write('begun', () => resolve())
        request.on('data', () => undefined).on('error', () => undefined)
      })
    })
    const client = await RawClient.connect(await serve(server))
    client.send(`${head({ chunked: true })}1\r\na\r\n`)
    await begun
    client.send('6\r\nbcdefg\r\n')
    await client.gone()
  })
})
