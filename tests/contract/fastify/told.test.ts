// Who is told a refusal in Fastify: `onError` hooks (law 7: the framework's own hooks see it), and the request's logger,
// whatever logger that is.
import { errorHandler, expectation } from '@expectation/fastify'
import fastify, { type FastifyBaseLogger, type FastifyInstance, type LogLevel } from 'fastify'
import { afterThisTest } from '../../support/cleanup.js'
import { outcomes } from '../../support/outcomes.js'
import { refused } from '../../support/refusal.js'
import { asking, chunks, head } from '../../support/request.js'
import { contentOf } from '../suite/actions.js'
import { open } from './application.js'

function upload(app: FastifyInstance, options: { readonly logLevel?: LogLevel } = {}): void {
  app.addContentTypeParser('*', (_request, content, done) => done(null, content))
  app.put('/files/:name', options, async ({ raw }) => ({ content: await contentOf(raw) }))
}

type Setup = (app: FastifyInstance) => Promise<void>

const gate = (app: FastifyInstance) => app.register(expectation, { maxContentLength: 4 })

const setups: Readonly<Record<string, Setup>> = {
  'the plugin alone': async (app) => {
    await gate(app)
    upload(app)
  },
  'errorHandler too': async (app) => {
    await app.register(errorHandler)
    await gate(app)
    upload(app)
  },
  'an error handler of the application, which hands on': async (app) => {
    await gate(app)
    app.setErrorHandler((error) => {
      throw error
    })
    upload(app)
  },
}

const inputs: Readonly<Record<string, readonly string[]>> = {
  'of declared length': [asking({ length: 5 })],
  'that grows over the limit': [head({ chunked: true }), chunks('hello')],
}

describe.each(Object.entries(setups))('%s', (_setup, setUp) => {
  test.each(Object.entries(inputs))(
    'content %s: onError hooks hear of the 413, once',
    async (_input, pieces) => {
      const app = fastify()
      afterThisTest(() => app.close())
      await setUp(app)
      const heard: unknown[] = []
      app.addHook('onError', async (_request, _reply, error) => {
        heard.push([error.statusCode, Reflect.get(error, 'reason')])
      })
      const client = await open(app)
      for (const piece of pieces) {
        client.send(piece)
        await new Promise((resolve) => setTimeout(resolve, 20))
      }
      await refused(client, 413, 'content_too_large')
      expect(heard).toEqual([[413, 'content_too_large']])
    },
  )
})

test('a route that was made before the plugin is refused in its shape', async () => {
  const app = fastify()
  afterThisTest(() => app.close())
  await app.register(async (inner) => upload(inner))
  await gate(app)
  const client = await open(app)
  client.send(asking({ length: 5 }))
  await refused(client, 413, 'content_too_large')
})

/** One function for all levels, as that of a logger which is switched off. */
function oneFunction(lines: string[]): FastifyBaseLogger {
  const write = (_fields: unknown, message?: string) => void lines.push(message ?? '')
  const levels = {
    fatal: write,
    error: write,
    warn: write,
    info: write,
    debug: write,
    trace: write,
  }
  const logger: FastifyBaseLogger = { ...levels, silent: write, level: 'info', child: () => logger }
  return logger
}

type Loggers = Readonly<Record<string, (lines: string[]) => FastifyInstance>>

const stream = (lines: string[]) => ({
  write: (line: string) => void lines.push(String(Reflect.get(JSON.parse(line), 'msg'))),
})

const loggers: Loggers = {
  'that has one function for all levels': (lines) =>
    fastify({ loggerInstance: oneFunction(lines) }),
  'that is silent but for the route': (lines) =>
    fastify({ logger: { level: 'silent', stream: stream(lines) } }),
}

test.each(Object.entries(loggers))(
  'a logger %s gets the line of the outcome',
  async (_what, make) => {
    const lines: string[] = []
    const { onOutcome, first } = outcomes()
    const app = make(lines)
    afterThisTest(() => app.close())
    await app.register(expectation, { maxContentLength: 4, onOutcome })
    upload(app, { logLevel: 'info' })
    const client = await open(app)
    client.send(asking({ length: 5 }))
    await refused(client, 413, 'content_too_large')
    client.destroy()
    await first()
    expect(lines).toContain('upload refused: content_too_large')
  },
)
