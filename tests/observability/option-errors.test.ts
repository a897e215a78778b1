// Wrong options about observation throw where they are written, in every adapter, before a server
// starts with them.

import http from 'node:http'
import { OptionError } from '@expectation/core'
import { attach } from '@expectation/core/node'
import { expectation as expressGate } from '@expectation/express'
import { expectation as fastifyGate } from '@expectation/fastify'
import { expectation as koaGate } from '@expectation/koa'
import fastify from 'fastify'

const write = (): void => undefined
const LOGGER = 'Give a logger with info, warn and error, called with (fields, message).'
const MILLISECONDS = 'Give a whole number of milliseconds from 1 to 2147483647.'

interface Wrong {
  readonly options: object
  readonly option: string
  readonly message: string
}

const WRONG: readonly Wrong[] = [
  wrong({ logger: {} }, 'logger.info', 'undefined', LOGGER),
  wrong({ logger: null }, 'logger', 'null', LOGGER),
  wrong({ logger: true }, 'logger', 'true', LOGGER),
  wrong({ logger: { info: write, error: write } }, 'logger.warn', 'undefined', LOGGER),
  wrong({ logger: { info: write, warn: write, error: 1 } }, 'logger.error', '1', LOGGER),
  wrong(
    { logger: { info: write, warn: write, error: write, debug: 1 } },
    'logger.debug',
    '1',
    LOGGER,
  ),
  wrong({ contentTimeoutMs: 0 }, 'contentTimeoutMs', '0', MILLISECONDS),
  wrong({ contentTimeoutMs: 1.5 }, 'contentTimeoutMs', '1.5', MILLISECONDS),
  wrong({ contentTimeoutMs: Number.NaN }, 'contentTimeoutMs', 'NaN', MILLISECONDS),
  wrong({ contentTimeoutMs: 2 ** 31 }, 'contentTimeoutMs', '2147483648', MILLISECONDS),
  wrong({ contentTimeoutMs: '50' }, 'contentTimeoutMs', '"50"', MILLISECONDS),
  wrong({ advertiseLimits: 'yes' }, 'advertiseLimits', '"yes"', 'Give true or false.'),
  wrong({ normalizeClientErrors: 1 }, 'normalizeClientErrors', '1', 'Give true or false.'),
]

function wrong(options: object, option: string, shown: string, remedy: string): Wrong {
  return { options, option, message: `${option} cannot be ${shown}. ${remedy}` }
}

const WRITTEN: Readonly<Record<string, (options: object) => unknown>> = {
  'attach(server, options)': (options) => attach(http.createServer(), options),
  'expectation(options) of Express': (options) => expressGate(options),
  'expectation(options) of Koa': (options) => koaGate(options),
  'register(expectation, options) of Fastify': async (options) => {
    const app = fastify()
    try {
      await app.register(fastifyGate, options)
    } finally {
      await app.close()
    }
  },
}

for (const [where, give] of Object.entries(WRITTEN)) {
  test.each(WRONG)(`${where} throws: $message`, async ({ options, option, message }) => {
    const error = await Promise.resolve()
      .then(() => give(options))
      .catch((thrown: unknown) => thrown)
    expect(error).toBeInstanceOf(OptionError)
    expect(error).toMatchObject({ code: 'ERR_EXPECTATION_INVALID_OPTION', option, message })
  })

  test(`${where} takes any logger with three levels`, async () => {
    const logger = { info: write, warn: write, error: write }
    await expect(Promise.resolve(give({ logger }))).resolves.not.toBeInstanceOf(Error)
    await expect(Promise.resolve(give({ logger: console }))).resolves.not.toBeInstanceOf(Error)
  })

  test(`${where} names the option that was meant`, async () => {
    const error = await Promise.resolve()
      .then(() => give({ advertizeLimits: true }))
      .catch((thrown: unknown) => thrown)
    expect(error).toMatchObject({
      code: 'ERR_EXPECTATION_UNKNOWN_OPTION',
      message: expect.stringContaining('advertiseLimits'),
    })
  })
}
