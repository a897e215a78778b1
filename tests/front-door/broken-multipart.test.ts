// A form that is cut short, has no boundary or is no form is the client's mistake, whatever reads it:
// 400 or 415, and the process lives (RFC 9110 section 15.5.1, RFC 7578).

import type http from 'node:http'
import { errorHandler, expectation } from '@expectation/express'
import { errorHandler as fastifyErrors, expectation as fastifyGate } from '@expectation/fastify'
import { errorHandler as koaErrors, expectation as koaGate } from '@expectation/koa'
import fastifyMultipart from '@fastify/multipart'
import busboy from 'busboy'
import express, { type RequestHandler } from 'express'
import express4 from 'express4'
import fastify from 'fastify'
import formidable from 'formidable'
import Koa, { type Middleware } from 'koa'
import multer from 'multer'
import { afterThisTest } from '../support/cleanup.js'
import { keepConsoleErrors } from '../support/console.js'
import { asForm, FORM_TYPE } from '../support/content.js'
import { RawClient } from '../support/raw-client.js'
import { checkBody } from '../support/refusal.js'
import { head } from '../support/request.js'
import { type Listening, serve } from '../support/server.js'

keepConsoleErrors()

// Its types and those of Koa's other body parsers say different things of Koa's request.
const { koaBody } = jest.requireActual<{ koaBody(options: object): Middleware }>('koa-body')

const onExpress = (make: typeof express, read: RequestHandler) => async () => {
  const app = make().use(expectation())
  app.post('/', read, (_request, response) => void response.send('stored'))
  return app.use(errorHandler())
}

const withBusboy: RequestHandler = (request, _response, next) => {
  const form = busboy({ headers: request.headers })
  form.on('file', (_name, file) => file.on('error', () => undefined).resume())
  form.on('error', next).on('close', next)
  request.pipe(form)
}

const READERS: Readonly<Record<string, () => Promise<Listening | http.Server>>> = {
  'multer, Express 5': onExpress(express, multer().single('file')),
  'multer, Express 4': onExpress(express4 as unknown as typeof express, multer().single('file')),
  busboy: onExpress(express, withBusboy),
  formidable: onExpress(express, (request, _response, next) => {
    formidable().parse(request, (error: unknown) => next(error))
  }),
  'koa-body': async () => {
    const app = new Koa()
      .use(koaErrors())
      .use(koaGate())
      .use(koaBody({ multipart: true }))
    app.silent = true
    return app.use((context) => void Object.assign(context, { body: 'stored' }))
  },
  '@fastify/multipart': async () => {
    const app = fastify()
    afterThisTest(() => app.close())
    await app.register(fastifyGate)
    await app.register(fastifyErrors)
    await app.register(fastifyMultipart)
    app.post('/', async (request) => {
      await (await request.file())?.toBuffer()
      return 'stored'
    })
    await app.ready()
    return app.server
  },
}

const form = asForm(Buffer.from('hello'))
const BROKEN: Readonly<Record<string, readonly [type: string, content: Buffer]>> = {
  'cut short in its file': [FORM_TYPE, form.subarray(0, -8)],
  'cut short in the fields of a part': [FORM_TYPE, form.subarray(0, 30)],
  'without a boundary': ['multipart/form-data', form],
  'that does not use its boundary': ['multipart/form-data; boundary=other', form],
}

async function post(reader: keyof typeof READERS, type: string, content: Buffer) {
  const running = await serve(await (READERS[reader] ?? fail)())
  const client = await RawClient.connect(running)
  client.send(head({ method: 'POST', target: '/', type, length: content.length })).send(content)
  return client.answer()
}

function fail(): never {
  throw new Error('There is no such reader.')
}

describe.each(Object.keys(READERS))('%s', (reader) => {
  test('a whole form is stored', async () => {
    expect((await post(reader, FORM_TYPE, form)).text).toBe('stored')
  })

  test.each(Object.entries(BROKEN))('K7.7 a form %s: 400', async (_shown, [type, content]) => {
    checkBody(await post(reader, type, content), 400, 'bad_request')
  })
})

// formidable and koa-body read any multipart, and leave what is none alone.
test.each(['multer, Express 5', 'multer, Express 4', 'busboy', '@fastify/multipart'])(
  'K7.7 %s: content that is no form is 415',
  async (reader) => {
    checkBody(
      await post(reader, 'multipart/mixed; boundary=b', form),
      415,
      'unsupported_media_type',
    )
  },
)
