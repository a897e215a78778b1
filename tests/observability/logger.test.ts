// One structured line for each outcome, at a level that says whose fault it was, and without
// anything that a log must not hold.

import type { ExpectationOptions, Logger } from '@expectation/core'
import { Refusal } from '@expectation/core'
import { expectation as fastifyGate } from '@expectation/fastify'
import fastify, { type FastifyRequest } from 'fastify'
import { afterThisTest } from '../support/cleanup.js'
import { keepConsoleErrors } from '../support/console.js'
import { outcomes } from '../support/outcomes.js'
import { RawClient } from '../support/raw-client.js'
import { checkBody } from '../support/refusal.js'
import { head } from '../support/request.js'
import { serve } from '../support/server.js'
import { forbidStrayErrors } from '../support/stray-errors.js'
import { contentOf } from '../support/uploads.js'
import { keptLines, type Line } from './support/kept-lines.js'
import { PLACES, type Save, start } from './support/places.js'

forbidStrayErrors()
keepConsoleErrors()

const SECRET = 's3cret'
/** Every request brings a secret wherever a client can put one. */
const upload = (fields: Parameters<typeof head>[0] = {}): string =>
  head({
    target: `/files/a?token=${SECRET}#${SECRET}`,
    length: 6,
    lines: [`Authorization: Bearer ${SECRET}`, `Cookie: id=${SECRET}`, `X-Key: ${SECRET}`],
    ...fields,
  })

interface Kind {
  readonly bytes: string
  readonly level: string
  readonly message: string
  readonly facts: Readonly<Record<string, unknown>>
  readonly options?: ExpectationOptions
  readonly save?: Save
}

const KINDS: Readonly<Record<string, Kind>> = {
  'an upload that passes': {
    bytes: upload() + SECRET,
    level: 'debug',
    message: 'upload finished',
    facts: { decision: 'pass', status: 200, receivedBytes: 6, clientGone: false },
  },
  'a refusal by the policy': {
    bytes: upload({ expect: '100-continue', length: 5000 }),
    options: { maxContentLength: 10 },
    level: 'info',
    message: 'upload refused: content_too_large',
    facts: { decision: 'refuse', by: 'size', reason: 'content_too_large', status: 413 },
  },
  'a refusal by a check': {
    bytes: upload({ expect: '100-continue' }),
    options: { checks: [() => new Refusal(401)] },
    level: 'info',
    message: 'upload refused: unauthorized',
    facts: { decision: 'refuse', reason: 'unauthorized', status: 401 },
  },
  'an expectation that nobody supports': {
    bytes: upload({ expect: SECRET }),
    level: 'warn',
    message: 'upload refused: unsupported_expectation',
    facts: { expectation: 'unsupported', status: 417 },
  },
  'an expectation outside the grammar': {
    bytes: upload({ expect: `100-continue ${SECRET}` }),
    level: 'warn',
    message: 'upload refused: malformed_expectation',
    facts: { expectation: 'malformed', status: 417 },
  },
  'a fault of the server': {
    bytes: upload({ expect: '100-continue' }),
    options: { checks: [() => new Refusal(500)] },
    level: 'error',
    message: 'upload refused: internal_error',
    facts: { status: 500, reason: 'internal_error' },
  },
  'shedding load': {
    bytes: upload({ expect: '100-continue' }),
    options: { checks: [() => new Refusal(503)] },
    level: 'info',
    message: 'upload refused: service_unavailable',
    facts: { status: 503, reason: 'service_unavailable' },
  },
}

for (const place of PLACES) {
  describe(`the logger of ${place}`, () => {
    for (const [shown, kind] of Object.entries(KINDS)) {
      test(`law 9: ${shown} is one line of level ${kind.level}, and holds no secret`, async () => {
        const kept = keptLines()
        const { logger } = kept
        const running = await start(place, { options: { ...kind.options, logger } })
        const client = await RawClient.connect(running)
        await client.send(kind.bytes).final()
        client.halfClose()
        const line = await kept.first()
        expect(line).toMatchObject({ level: kind.level, message: kind.message })
        expect(line.fields.expectation).toMatchObject({
          method: 'PUT',
          path: '/files/a',
          ...kind.facts,
        })
        expect(Object.keys(line.fields)).toEqual(['expectation'])
        expect(line.fields.expectation).not.toHaveProperty('target')
        await client.over()
        expect(kept.lines).toHaveLength(1)
        expect(JSON.stringify(kept.lines)).not.toContain(SECRET)
      })
    }

    test('a client that leaves is a line of level info', async () => {
      const kept = keptLines()
      const running = await start(place, { options: { logger: kept.logger } })
      const client = await RawClient.connect(running)
      await client.send(upload({ expect: '100-continue' })).continue()
      client.reset()
      expect(await kept.first()).toMatchObject({
        level: 'info',
        message: 'client left during an upload',
        fields: { expectation: { clientGone: true } },
      })
    })

    test('law 10: what has neither content nor an expectation is no line', async () => {
      const kept = keptLines()
      const running = await start(place, { options: { logger: kept.logger } })
      const client = await RawClient.connect(running)
      await client.send(head({ method: 'GET', target: '/hello' })).final()
      await client.send(upload() + SECRET).final()
      expect((await kept.first()).fields.expectation).toMatchObject({ method: 'PUT' })
      expect(kept.lines).toHaveLength(1)
    })

    test('a logger without debug misses what passes, and nothing else', async () => {
      const kept = keptLines()
      const { info, warn, error } = kept.logger
      const options = { maxContentLength: 10, logger: { info, warn, error } }
      const running = await start(place, { options })
      const client = await RawClient.connect(running)
      expect((await client.send(upload() + SECRET).final()).status).toBe(200)
      expect((await client.send(upload({ length: 5000 })).final()).status).toBe(413)
      client.halfClose()
      expect(await kept.first()).toMatchObject({ level: 'info' })
      expect(kept.lines).toHaveLength(1)
    })

    test('methods of a logger are called on it', async () => {
      class Counting implements Logger {
        lines = 0
        readonly info = () => undefined
        readonly warn = this.info
        readonly error = this.info
        debug(): void {
          this.lines += 1
        }
      }
      const logger = new Counting()
      const told = outcomes()
      const running = await start(place, { options: { logger, onOutcome: told.onOutcome } })
      const client = await RawClient.connect(running)
      await client.send(upload() + SECRET).final()
      await told.first()
      await new Promise((resolve) => setImmediate(resolve))
      expect(logger.lines).toBe(1)
    })

    for (const [shown, spoilt] of [
      ['logger', (fail: () => never) => ({ debug: fail, info: fail, warn: fail, error: fail })],
      ['onOutcome', undefined],
    ] as const) {
      test(`a ${shown} that throws disturbs no answer, and the next request is served`, async () => {
        const fail = (): never => {
          throw new Error('full disk')
        }
        const kept = keptLines()
        const told = outcomes()
        const warn = jest.spyOn(process, 'emitWarning').mockImplementation(() => undefined)
        afterThisTest(() => warn.mockRestore())
        const options: ExpectationOptions =
          spoilt === undefined
            ? { onOutcome: fail, logger: kept.logger }
            : { onOutcome: told.onOutcome, logger: spoilt(fail) }
        const running = await start(place, { options: { ...options, maxContentLength: 10 } })
        const client = await RawClient.connect(running)
        for (let turn = 0; turn < 2; turn += 1) {
          expect((await client.send(upload() + SECRET).final()).text).toBe(SECRET)
        }
        checkBody(await client.send(upload({ length: 5000 })).final(), 413, 'content_too_large')
        client.halfClose()
        await (spoilt === undefined ? kept.reach(3) : told.reach(3))
        const warning = [`${shown} failed: Error: full disk`, { code: 'EXPECTATION_WRN_OBSERVER' }]
        expect(warn.mock.calls).toEqual([warning])
      })
    }
  })
}

describe("Fastify's own logger", () => {
  interface PinoLine {
    readonly level: number
    readonly msg: string
    readonly reqId?: string
    readonly expectation?: Line['fields']['expectation']
  }
  const LEVELS: Readonly<Record<number, string>> = {
    20: 'debug',
    30: 'info',
    40: 'warn',
    50: 'error',
  }

  for (const [shown, kind] of Object.entries(KINDS)) {
    test(`law 9: by default request.log gets ${shown} as one line of level ${kind.level}`, async () => {
      const kept = keptLines()
      const ids: (string | undefined)[] = []
      const write = (text: string): void => {
        const line = JSON.parse(text) as PinoLine
        if (line.expectation === undefined) return
        ids.push(line.reqId)
        const fields = { expectation: line.expectation }
        kept.keep({ level: LEVELS[line.level] ?? '', fields, message: line.msg })
      }
      const running = await start('fastify', {
        ...(kind.options !== undefined && { options: kind.options }),
        fastify: { logger: { level: 'debug', stream: { write } } },
      })
      const client = await RawClient.connect(running)
      await client.send(kind.bytes).final()
      client.halfClose()
      const { level, message, fields } = await kept.first()
      expect({ level, message }).toEqual({ level: kind.level, message: kind.message })
      expect(fields.expectation).toMatchObject({ route: '/files/:name', path: '/files/a' })
      await client.over()
      expect(ids).toEqual([expect.stringMatching(/^req-/)])
      expect(JSON.stringify(kept.lines)).not.toContain(SECRET)
    })
  }

  test('the option logger takes its place', async () => {
    const kept = keptLines()
    const texts: string[] = []
    const stream = { write: (text: string) => void texts.push(text) }
    const running = await start('fastify', {
      options: { logger: kept.logger },
      fastify: { logger: { level: 'debug', stream } },
    })
    const client = await RawClient.connect(running)
    await client.send(upload() + SECRET).final()
    expect((await kept.first()).level).toBe('debug')
    expect(texts.filter((text) => text.includes('"expectation"'))).toEqual([])
  })

  /** What an outcome alone asks of a request. */
  async function routesAsked(logger: boolean): Promise<number> {
    let asked = 0
    const spied = (request: FastifyRequest): void => {
      const { routeOptions } = request
      const spy = new Proxy(routeOptions, {
        get(target, name) {
          if (name === 'url') asked += 1
          return Reflect.get(target, name)
        },
      })
      Object.defineProperty(request, 'routeOptions', { value: spy })
    }
    const stream = { write: () => undefined }
    const app = fastify({ logger: logger && { level: 'debug', stream } })
    afterThisTest(() => app.close())
    app.addHook('onRequest', async (request) => spied(request))
    app.addContentTypeParser('*', (_request, content, done) => done(null, content))
    await app.register(fastifyGate)
    app.put('/files/:name', (request) => contentOf(request.raw))
    await app.ready()
    const client = await RawClient.connect(await serve(app.server))
    for (let turn = 0; turn < 2; turn += 1) await client.send(upload() + SECRET).final()
    return asked
  }

  test('law 10: with logger: false and no observer nothing is built', async () => {
    expect(await routesAsked(true)).toBeGreaterThan(0)
    expect(await routesAsked(false)).toBe(0)
  })
})

test('law 9: credentials in an absolute-form target are in no line', async () => {
  const kept = keptLines()
  const running = await start('bare', { options: { logger: kept.logger } })
  const client = await RawClient.connect(running)
  const target = `http://user:${SECRET}@localhost/files/a?x`
  await client.send(upload({ target, lines: [] }) + SECRET).final()
  await kept.first()
  expect(JSON.stringify(kept.lines)).not.toContain(SECRET)
})
