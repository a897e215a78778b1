// K6, P7, P8: applications that said something: fields, options of a second gate, errors that were made
// to be shown or not, listeners of their own.
import type { IncomingMessage, ServerResponse } from 'node:http'
import type { Duplex } from 'node:stream'
import { Writable } from 'node:stream'
import createError from 'http-errors'
import type { Scenes } from '../support/scene.js'
import { companions, secrets } from './said-fields.js'

const SWITCH = 'HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: trial\r\n\r\n'

const secretErrors: Readonly<Record<(typeof secrets)[number], () => unknown>> = {
  'status 401': () => Object.assign(new Error('key sk_live_4242'), { status: 401 }),
  'statusCode 403': () => Object.assign(new Error('key sk_live_4242'), { statusCode: 403 }),
  'status 404': () => Object.assign(new Error('SELECT sk_live_4242'), { status: 404 }),
  'status 429, headers': () =>
    Object.assign(new Error('key sk_live_4242'), {
      status: 429,
      headers: { 'X-Key': 'sk_live_4242' },
    }),
  'status 500': () => Object.assign(new Error('key sk_live_4242'), { status: 500 }),
  'no status': () => new Error('key sk_live_4242'),
  'status 400, expose false': () =>
    Object.assign(new Error('key sk_live_4242'), { status: 400, expose: false }),
}

export const said: Scenes = {
  ...Object.fromEntries(
    companions.flatMap(({ status, field, value }) => [
      [
        `${status}: ${field} on the response`,
        () => ({
          errors: true,
          handle: (visit) => {
            visit.response.setHeader(field, value)
            visit.fail(createError(status))
          },
        }),
      ],
      [
        `${status}: ${field} on the error`,
        () => ({
          errors: true,
          handle: (visit) => visit.fail(createError(status, { headers: { [field]: value } })),
        }),
      ],
    ]) satisfies [string, Scenes[string]][],
  ),
  ...Object.fromEntries(
    secrets.map((name) => [
      `secret: ${name}`,
      () => ({ errors: true, handle: (visit) => visit.fail(secretErrors[name]()) }),
    ]) satisfies [string, Scenes[string]][],
  ),
  'shown: expose': () => ({
    errors: true,
    handle: (visit) =>
      visit.fail(Object.assign(new Error('made to be shown'), { status: 401, expose: true })),
  }),
  'refused in front of the gate': () => ({
    options: { linger: { idleMs: 300, totalMs: 500 } },
    before: (visit) => visit.reply(401, 'no'),
    handle: (visit) => visit.reply(200, 'read'),
  }),
  'a second gate with a limit': ({ note }) => {
    const line = (fields: object, message: string): void =>
      note(`line ${message} ${JSON.stringify(fields)}`)
    return {
      options: {
        format: 'problem',
        logger: { info: line, warn: line, error: line },
        linger: { idleMs: 300, totalMs: 500 },
      },
      second: { maxContentLength: 1 },
      handle: (visit) => visit.reply(200, 'read'),
    }
  },
  'a second gate without words': () => ({
    options: { format: 'problem', maxContentLength: 1 },
    second: {},
    handle: (visit) => visit.reply(200, 'read'),
  }),
  'two gates with limits': () => ({
    options: { maxContentLength: 10 },
    second: { maxContentLength: 100 },
    handle: (visit) => visit.reply(200, 'read'),
  }),
  'a gate that instrumentation wraps': () => ({
    options: { maxContentLength: 10 },
    wrapped: true,
    handle: (visit) => visit.reply(200, 'read'),
  }),
  'attached twice': () => ({
    options: { maxContentLength: 10, advertiseLimits: false },
    second: { maxContentLength: 1, advertiseLimits: true },
    handle: (visit) => visit.reply(200, 'read'),
  }),
  'upgrade refused': () => ({
    handle: (visit) => void setTimeout(() => visit.reply(200, 'first'), 50),
    ready: (server) => {
      server.on('upgrade', (_request: IncomingMessage, socket: Duplex) => {
        socket.on('error', () => undefined)
        socket.end('HTTP/1.1 403 Forbidden\r\nContent-Length: 0\r\nConnection: close\r\n\r\n')
      })
    },
  }),
  'upgrade taken': () => ({
    handle: (visit) => void setTimeout(() => visit.reply(200, 'first'), 50),
    ready: (server) => {
      server.on('upgrade', (_request: IncomingMessage, socket: Duplex) => {
        socket.on('error', () => undefined)
        setTimeout(() => socket.write(SWITCH), 100)
      })
    },
  }),
  'piped, then thrown away': () => ({
    handle: (visit) => {
      const { request } = visit
      const response = visit.take()
      request.pipe(new Writable({ write: (_part, _as, done) => void setTimeout(done, 300) }))
      process.nextTick(() => {
        request.unpipe()
        request.once('end', () => {
          response.statusCode = 500
          response.end('boom')
        })
        request.resume()
      })
    },
  }),
  'its own checkContinue': ({ note }) => ({
    handle: (visit) => visit.reply(200, 'plainly'),
    created: (server) => {
      server.on('checkContinue', (_request: IncomingMessage, response: ServerResponse) => {
        const told: unknown = response.writeContinue(() => {
          note('callback')
          response.end('continued')
        })
        note(`returned ${String(told)}`)
      })
    },
  }),
  'its own checkContinue, with fields': () => ({
    handle: (visit) => visit.reply(200, 'plainly'),
    created: (server) => {
      server.on('checkContinue', async (request: IncomingMessage, response: ServerResponse) => {
        // Of newer releases of Node.
        const inform: unknown = Reflect.get(response, 'writeInformation')
        if (typeof inform === 'function') Reflect.apply(inform, response, [100, { 'x-a': '1' }])
        else response.writeContinue()
        let bytes = 0
        for await (const part of request) bytes += part.length
        response.end(`read ${bytes}`)
      })
    },
  }),
  'left before the answer': ({ note }) => ({
    handle: async (visit) => {
      const { request } = visit
      // Of newer releases of Node.
      const signal: unknown = Reflect.get(request, 'signal')
      request.on('error', () => undefined)
      for await (const _part of request) break
      const told = signal instanceof AbortSignal ? signal.aborted : request.aborted
      note(`told ${request.aborted} ${told}`)
      visit.reply(200, 'left')
    },
  }),
}
