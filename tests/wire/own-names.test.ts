// Law 0: an application may give what is its own any name on a request or a response. `stream` is Node's name for
// the stream of an HTTP/2 message, and in applications that play video one for what is played.
import http, { type RequestListener } from 'node:http'
import { attach } from '@expectation/core/node'
import { expectation } from '@expectation/express'
import { gateway } from '@expectation/gateway'
import { contentOf } from '@expectation/storage'
import express from 'express'
import { RawClient } from '../support/raw-client.js'
import { asking, chunks, head } from '../support/request.js'
import { type Running, serve } from '../support/server.js'
import { forbidStrayErrors } from '../support/stray-errors.js'

forbidStrayErrors()

const read: RequestListener = async (req, res) => {
  let bytes = 0
  try {
    for await (const chunk of req) bytes += chunk.length
    res.end(`${bytes}`)
  } catch {
    // Over the limit, and answered.
  }
}

/** `value` under that name on both messages, before anything else runs. */
function application(value: unknown) {
  const app = express()
  app.use((req, res, next) => {
    Object.assign(req, { stream: value })
    Object.assign(res, { stream: value })
    next()
  })
  app.use(expectation({ maxContentLength: 10 }))
  app.all('/early', (_req, res) => res.end('early'))
  app.all('/read', read)
  app.all('/stored', async (req, res) => {
    let bytes = 0
    for await (const chunk of contentOf(req, res).body) bytes += chunk.length
    res.end(`${bytes}`)
  })
  return app
}

async function answerOf(running: Running, request: string, content = '') {
  const client = await RawClient.connect(running)
  client.send(request)
  if (request.includes('Expect')) await client.continue()
  client.send(content)
  const { status, body } = await client.answer()
  client.destroy()
  return [status, String(body)]
}

describe.each([
  ['null', null],
  ['true', true],
  ['a record', { id: 1 }],
])('`stream` is %s', (_what, value) => {
  const running = (): Promise<Running> => serve(http.createServer(application(value)))

  test.each([
    ['a GET', head({ method: 'GET', target: '/read' }), '', '0'],
    ['content that is read', head({ target: '/read', length: 5 }), 'hello', '5'],
    ['chunks that are read', head({ target: '/read', chunked: true }), chunks('hello'), '5'],
    ['content that is asked for', asking({ target: '/read' }), 'hello', '5'],
    ['an answer before the content', head({ target: '/early', length: 5 }), '', 'early'],
    ['content that is stored', head({ target: '/stored', length: 5 }), 'hello', '5'],
  ])('%s', async (_request, request, content, body) => {
    expect(await answerOf(await running(), request, content)).toEqual([200, body])
  })

  test('content over the limit', async () => {
    const request = head({ target: '/read', chunked: true })
    const [status] = await answerOf(await running(), request, chunks('far more than ten'))
    expect(status).toBe(413)
  })

  test('content that a gateway hands on', async () => {
    const upstream = await serve(http.createServer(read))
    const relay = gateway({ upstreams: [upstream.url] })
    const server = http.createServer((req, res) => {
      Object.assign(res, { stream: value })
      relay(Object.assign(req, { stream: value }), res)
    })
    const request = head({ length: 5 })
    expect(await answerOf(await serve(attach(server)), request, 'hello')).toEqual([200, '5'])
  })

  test('attached, and without a gate', async () => {
    const server = http.createServer((req, res) => {
      Object.assign(req, { stream: value })
      res.end('early')
    })
    expect(await answerOf(await serve(attach(server)), head({ length: 5 }))).toEqual([200, 'early'])
  })
})
