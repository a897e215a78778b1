// Law 9: a check that throws is answered 500, whatever it throws: also what cannot be looked at, nor be printed.
import http from 'node:http'
import { inspect } from 'node:util'
import type { ExpectationOptions } from '@expectation/core'
import { attach } from '@expectation/core/node'
import * as ofExpress from '@expectation/express'
import * as ofKoa from '@expectation/koa'
import express from 'express'
import Koa from 'koa'
import { RawClient } from '../support/raw-client.js'
import { checkBody } from '../support/refusal.js'
import { head } from '../support/request.js'
import { type Listening, serve } from '../support/server.js'
import { forbidStrayErrors } from '../support/stray-errors.js'

forbidStrayErrors()

// What the real one does first.
beforeEach(() => {
  jest.spyOn(console, 'error').mockImplementation((...given: unknown[]) => void inspect(given))
})
afterEach(() => jest.restoreAllMocks())

function refuse(): never {
  throw new Error('not to be looked at')
}

function revoked(): object {
  const { proxy, revoke } = Proxy.revocable({}, {})
  revoke()
  return proxy
}

const thrown: Readonly<Record<string, unknown>> = {
  'nothing at all': undefined,
  'an error that is not to be inspected': Object.assign(new Error('x'), {
    [inspect.custom]: refuse,
  }),
  'an error whose stack throws': Object.defineProperty(new Error('x'), 'stack', { get: refuse }),
  'an object that is neither': Object.assign(Object.create(null), { [inspect.custom]: refuse }),
  'a proxy that was revoked': revoked(),
  'a validation that was revoked': Object.assign(new Error('x'), { validation: revoked() }),
  'a proxy that throws at every look': new Proxy({}, { get: refuse, getPrototypeOf: refuse }),
}

const gated: Readonly<Record<string, (options: ExpectationOptions) => Listening | http.Server>> = {
  bare: (options) => attach(http.createServer(), options),
  Express: (options) => express().use(ofExpress.expectation(options)).use(ofExpress.errorHandler()),
  Koa(options) {
    const app = new Koa()
    app.silent = true
    return app.use(ofKoa.errorHandler()).use(ofKoa.expectation(options))
  },
}

for (const [framework, make] of Object.entries(gated)) {
  for (const [shown, value] of Object.entries(thrown)) {
    test(`${shown}, at once and later: ${framework}`, async () => {
      const checks = [
        () => {
          throw value
        },
        async () => {
          await null
          throw value
        },
      ]
      for (const check of checks) {
        const client = await RawClient.connect(await serve(make({ checks: [check] })))
        client.send(`${head({ length: 2 })}hi`)
        checkBody(await client.final(), 500, 'internal_error')
      }
    })
  }
}
