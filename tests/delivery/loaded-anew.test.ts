// Jest loads the library anew for each test file, in a realm of its own. A realm whose gates are gone
// is let go, with the application that used them; only the first of a process stays, since Node keeps
// what is subscribed.
import { readFileSync } from 'node:fs'
import type http from 'node:http'
import { createContext, runInContext } from 'node:vm'
import { adapters } from '../conformance/adapters.js'
import { bundled } from '../support/child.js'
import { areCollected } from '../support/collected.js'
import { RawClient } from '../support/raw-client.js'
import { refused } from '../support/refusal.js'
import { asking } from '../support/request.js'
import { serve } from '../support/server.js'

const OPTIONS = '{ maxContentLength: 4, normalizeClientErrors: true, linger: { idleMs: 50 } }'

const applications: Readonly<Record<string, string>> = {
  'express-gated': `
    import http from 'node:http'
    import express from 'express'
    import { errorHandler, expectation } from '@expectation/express'
    const app = express().use(expectation(${OPTIONS})).use(errorHandler())
    export const server = async () => http.createServer(app)`,
  'fastify-gated': `
    import { fastify } from 'fastify'
    import { expectation } from '@expectation/fastify'
    const app = fastify()
    app.register(expectation, ${OPTIONS})
    export const server = async () => (await app.ready()).server`,
  'koa-gated': `
    import http from 'node:http'
    import Koa from 'koa'
    import { errorHandler, expectation } from '@expectation/koa'
    const app = new Koa().use(errorHandler()).use(expectation(${OPTIONS}))
    export const server = async () => http.createServer(app.callback())`,
  'node-attached': `
    import http from 'node:http'
    import { attach } from '@expectation/core/node'
    export const server = async () => attach(http.createServer(), ${OPTIONS})`,
}

interface Application {
  server(): Promise<http.Server>
}

/** What Node adds to the globals of the language. */
const NODE_GLOBALS = ['AbortController', 'Buffer', 'TextDecoder', 'TextEncoder', 'URL']
  .concat('clearTimeout', 'console', 'process', 'setImmediate', 'setTimeout', 'queueMicrotask')
  .map((name) => [name, Reflect.get(globalThis, name)] as const)

/** Runs a bundle in a new realm, which is collected unless something outside holds part of it. */
function inNewRealm(code: string): { application: Application; realm: WeakRef<object> } {
  const module = { exports: {} }
  const context = createContext({ ...Object.fromEntries(NODE_GLOBALS), module, require })
  runInContext(code, context)
  const realm = new WeakRef<object>(runInContext('Object', context))
  return { application: module.exports as Application, realm }
}

async function usedRealm(code: string): Promise<WeakRef<object>> {
  const { application, realm } = inNewRealm(code)
  const { port } = await serve(await application.server())
  const client = await RawClient.connect({ port })
  client.send(asking())
  await refused(client, 413, 'content_too_large')
  await client.fin()
  client.destroy()
  return realm
}

test('every adapter is here', () => {
  expect(Object.keys(applications)).toEqual(expect.arrayContaining([...adapters]))
})

describe.each(Object.entries(applications))('%s', (_name, source) => {
  const realms: WeakRef<object>[] = []
  let code = ''

  // Each in a test of its own: what a test opened is let go after it.
  test('the first of the process, which may stay, refuses an upload', async () => {
    code = readFileSync(bundled(source), 'utf8')
    expect((await usedRealm(code)).deref()).toBeDefined()
  })

  test.each([1, 2, 3])('realm %i refuses an upload', async () => {
    realms.push(await usedRealm(code))
  })

  test('none of the three is kept', async () => {
    expect(realms).toHaveLength(3)
    expect(await areCollected(realms)).toBe(true)
  })
})
