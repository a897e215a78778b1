// Law 0: a gate that is mounted in an application which no server of Node serves. Adapters of serverless functions
// make the request by themselves, with `Content-Length` as a number; tests make one that is no stream.
import { IncomingMessage, ServerResponse } from 'node:http'
import { Socket } from 'node:net'
import { Duplex } from 'node:stream'
import { expectation } from '@expectation/express'
import { expectation as fastifyExpectation } from '@expectation/fastify'
import { expectation as koaExpectation } from '@expectation/koa'
import express from 'express'
import Fastify from 'fastify'
import Koa from 'koa'

type Listener = (request: IncomingMessage, response: ServerResponse) => void

const LIMIT = { maxContentLength: 5 }

async function koa(): Promise<Listener> {
  const app = new Koa()
  app.silent = true
  app.use(koaExpectation(LIMIT)).use(async (context) => {
    let text = ''
    for await (const part of context.req) text += String(part)
    context.body = text
  })
  const handle = app.callback()
  return (request, response) => void handle(request, response)
}

async function fastify(): Promise<Listener> {
  const app = Fastify()
  await app.register(fastifyExpectation, LIMIT)
  app.addContentTypeParser('*', { parseAs: 'string' }, (_request, content, done) => {
    done(null, content)
  })
  app.all('/a', async ({ body }) => String(body ?? ''))
  await app.ready()
  return app.routing
}

async function expressed(): Promise<Listener> {
  const app = express()
  app.use(expectation(LIMIT)).use(express.text({ type: '*/*' }))
  return app.all('/a', (request, response) => {
    response.send(typeof request.body === 'string' ? request.body : '')
  })
}

async function answerOf(listener: Listener, method: string, content: string, headers: object) {
  const request = new IncomingMessage(new Socket())
  const end = content === '' ? [null] : [content, null]
  const read = () => void request.push(end.shift())
  Object.assign(request, { method, url: '/a', httpVersion: '1.1', complete: true, _read: read })
  Object.assign(request.headers, headers)
  const response = new ServerResponse(request)
  let written = ''
  const carrier = new Duplex({
    read() {},
    write(chunk, _encoding, done) {
      written += String(chunk)
      done()
    },
  })
  Reflect.apply(response.assignSocket, response, [carrier])
  const finished = new Promise((resolve) => response.once('finish', resolve))
  listener(request, response)
  await finished
  return { status: response.statusCode, content: written.split('\r\n\r\n')[1] }
}

describe.each([
  ['Express', expressed],
  ['Koa', koa],
  ['Fastify', fastify],
])('a length that is a number, in %s', (_name, listenerOf) => {
  const type = { 'content-type': 'text/plain' }

  test('within the limit is read', async () => {
    const headers = { ...type, 'content-length': 5 }
    const answer = await answerOf(await listenerOf(), 'POST', 'hello', headers)
    expect(answer).toEqual({ status: 200, content: 'hello' })
  })

  test('over it is refused', async () => {
    const headers = { ...type, 'content-length': 6 }
    expect((await answerOf(await listenerOf(), 'POST', 'hello!', headers)).status).toBe(413)
  })

  test('of zero is no content', async () => {
    const answer = await answerOf(await listenerOf(), 'GET', '', { 'content-length': 0 })
    expect(answer.status).toBe(200)
  })
})

test.each([
  ['a length', { 'content-length': '3' }],
  ['chunks', { 'transfer-encoding': 'chunked' }],
])('what stands in for a request, with %s, need be no stream', (_framing, headers) => {
  const standIn = { method: 'POST', url: '/a', httpVersion: '1.1', headers }
  // As Express makes of it.
  const request: IncomingMessage = Object.setPrototypeOf(standIn, IncomingMessage.prototype)
  const next = jest.fn()
  const response = new ServerResponse(new IncomingMessage(new Socket()))
  expectation(LIMIT)(request, response, next)
  expect(next.mock.calls).toEqual([[]])
})
