// What the scripted run cannot show: gauges while they are up, clients that misbehave below HTTP,
// and the life of the observation itself.

import http from 'node:http'
import http2 from 'node:http2'
import { OptionError, type Outcome } from '@expectation/core'
import { attach } from '@expectation/core/node'
import { expectation } from '@expectation/express'
import { openTelemetry, prometheus, type Stoppable } from '@expectation/metrics'
import { metrics } from '@opentelemetry/api'
import express from 'express'
import { register as globalRegister, Registry } from 'prom-client'
import { listen } from '../contract/suite/servers.js'
import { afterThisTest } from '../support/cleanup.js'
import { outcomes } from '../support/outcomes.js'
import { RawClient } from '../support/raw-client.js'
import { asking, head } from '../support/request.js'
import { latch, serve, within } from '../support/server.js'
import { forbidStrayErrors } from '../support/stray-errors.js'
import { uploads } from '../support/uploads.js'
import { type Ledger, shown } from './support/ledger.js'
import { prometheusLedger, scrape } from './support/prometheus-ledger.js'
import { startTelemetry } from './support/telemetry.js'
import { telemetryLedger } from './support/telemetry-ledger.js'

forbidStrayErrors()
const telemetry = startTelemetry()
function observed(): { readonly register: Registry } {
  const register = new Registry()
  for (const each of [prometheus(register), openTelemetry()]) afterThisTest(() => each.stop())
  return { register }
}

/** One entry as both systems tell it; the SDK's are those of the whole file. */
async function both(register: Registry, key: string): Promise<readonly [number, number]> {
  const of = (ledger: Ledger) => ledger.get(key) ?? 0
  return [of(await prometheusLedger(register)), of(telemetryLedger(await telemetry.metrics()))]
}

test('pending decisions are up while a check asks, and down when it has answered', async () => {
  const { register } = observed()
  const asked = latch()
  const answer = latch()
  const checks = [
    () => {
      asked.open()
      return answer.opened
    },
  ]
  const { port } = await serve(uploads({ checks, checkTimeoutMs: 30_000 }).app)
  const client = await RawClient.connect({ port })
  client.send(asking())
  await within('the check', asked.opened)
  expect(await both(register, 'pending')).toEqual([1, 1])
  answer.open()
  await client.continue()
  expect(await both(register, 'pending')).toEqual([0, 0])
})

test('a client that leaves while a check asks leaves no decision pending', async () => {
  const { register } = observed()
  const asked = latch()
  const told = outcomes()
  const checks = [
    () => {
      asked.open()
      return new Promise<undefined>(() => undefined)
    },
  ]
  const options = { checks, checkTimeoutMs: 30_000, onOutcome: told.onOutcome }
  const { port } = await serve(uploads(options).app)
  const client = await RawClient.connect({ port })
  client.send(asking())
  await within('the check', asked.opened)
  client.reset()
  expect((await told.first()).clientGone).toBe(true)
  await new Promise((resolve) => setImmediate(resolve))
  expect(await both(register, 'pending')).toEqual([0, 0])
})

test('an observation that begins while a check asks does not count below zero', async () => {
  const asked = latch()
  const answer = latch()
  const early = prometheus(new Registry())
  const checks = [
    () => {
      asked.open()
      return answer.opened
    },
  ]
  const { port } = await serve(uploads({ checks, checkTimeoutMs: 30_000 }).app)
  const client = await RawClient.connect({ port })
  client.send(asking())
  await within('the check', asked.opened)
  const { register } = observed()
  early.stop()
  answer.open()
  await client.continue()
  expect(await both(register, 'pending')).toEqual([0, 0])
})

test('active lingers are up while a connection lingers', async () => {
  const { register } = observed()
  const told = outcomes()
  const options = { maxContentLength: 1, onOutcome: told.onOutcome, linger: { idleMs: 30_000 } }
  const { port } = await serve(uploads(options).app)
  const client = await RawClient.connect({ port })
  await client.send(asking()).final()
  await client.fin()
  expect(await both(register, 'active lingers')).toEqual([1, 1])
  client.halfClose()
  await told.first()
  expect(await both(register, 'active lingers')).toEqual([0, 0])
})

test('requests behind a close are counted, and not dispatched', async () => {
  const { register } = observed()
  const app = express().use(expectation(), express.text({ type: '*/*' }))
  app.put('/files/:name', (_req, res) => void res.status(415).set('Connection', 'close').end())
  const { port } = await serve(app)
  const client = await RawClient.connect({ port })
  const next = head({ method: 'GET', target: '/hello' })
  client.send(`${head({ length: 5, type: 'text/plain' })}hello${next}${next}`)
  expect((await client.final()).status).toBe(415)
  expect(await client.fin()).toBe('')
  expect(await both(register, 'requests after a refusal')).toEqual([2, 2])
})

test('errors below the framework are counted by status and code', async () => {
  const { register } = observed()
  const server = http.createServer((_request, response) => void response.end())
  const { port } = await serve(attach(server, { normalizeClientErrors: true }))
  const client = await RawClient.connect({ port })
  expect((await client.send('NONSENSE / HTTP/1.1\r\n\r\n').final()).status).toBe(400)
  expect(await both(register, 'client errors 400 HPE_INVALID_METHOD')).toEqual([1, 1])
})

test('methods that a client makes up over HTTP/2 are one value', async () => {
  const { register } = observed()
  const told = outcomes()
  const server = http2.createServer((request, response) => void request.pipe(response))
  attach(server, { onOutcome: told.onOutcome })
  const session = http2.connect(`http://127.0.0.1:${await listen(server)}`)
  afterThisTest(() => session.destroy())
  for (const method of ['BREW', 'WHEN', 'PUT']) {
    session.request({ ':method': method, ':path': `/${method}` }, { endStream: false }).end('hello')
  }
  await told.reach(3)
  const ledger = shown(await prometheusLedger(register))
  expect(ledger).toMatchObject({
    'decisions pass _OTHER none 200 none': 2,
    'decisions pass PUT none 200 none': 1,
  })
})

test('histograms show what clients wait for: 0.8, 1 and 6 seconds', async () => {
  const { register } = observed()
  const told = outcomes()
  const { port } = await serve(uploads({ onOutcome: told.onOutcome }).app)
  const client = await RawClient.connect({ port })
  await client.send(asking()).continue()
  await client.send('hello').final()
  await told.first()
  for (const name of ['decision_duration', 'continue_wait']) {
    const buckets = (await scrape(register)).filter(
      (sample) => sample.name === `expectation_${name}_seconds_bucket`,
    )
    const bounds = buckets.map(({ labels }) => labels.le)
    expect(bounds).toEqual(expect.arrayContaining(['0.8', '1', '6', '+Inf']))
  }
})

describe('the observation', () => {
  const running: Stoppable[] = []
  afterEach(() => {
    for (const each of running.splice(0)) each.stop()
  })

  test('uses the register of prom-client when none is given, and leaves it as it was', async () => {
    const before = await globalRegister.metrics()
    const counting = prometheus()
    running.push(counting)
    expect(await globalRegister.metrics()).toContain('expectation_decisions_total')
    counting.stop()
    counting.stop()
    expect(await globalRegister.metrics()).toBe(before)
  })

  test('counts nothing after it was stopped, and can begin again', async () => {
    const register = new Registry()
    prometheus(register).stop()
    running.push(prometheus(register))
    openTelemetry().stop()
    const key = 'decisions refuse PUT none 413 content_too_large'
    const exported = async () => telemetryLedger(await telemetry.metrics()).get(key)
    const before = await exported()
    const told = outcomes()
    const app = express().use(expectation({ maxContentLength: 1, onOutcome: told.onOutcome }))
    const { port } = await serve(app)
    const client = await RawClient.connect({ port })
    await client.send(asking()).final()
    client.halfClose()
    await told.first()
    expect((await prometheusLedger(register)).get(key)).toBe(1)
    expect(await exported()).toBe(before)
  })

  test('takes a register once: called again it counts nothing twice, and ends with the last', async () => {
    const register = new Registry()
    const first = prometheus(register)
    running.push(first, prometheus(register))
    const told = outcomes()
    const { port } = await serve(uploads({ maxContentLength: 1, onOutcome: told.onOutcome }).app)
    const client = await RawClient.connect({ port })
    await client.send(asking()).final()
    client.halfClose()
    await told.first()
    const key = 'decisions refuse PUT none 413 content_too_large'
    expect((await prometheusLedger(register)).get(key)).toBe(1)
    first.stop()
    first.stop()
    expect(await register.metrics()).toContain('expectation_decisions_total')
  })

  test('options where the register belongs are a wrong option, not an error of prom-client', () => {
    // JavaScript, where no type warns: `prometheus({ route })`.
    const given: object = { route: () => undefined }
    expect(() => prometheus(given as Registry)).toThrow(
      expect.objectContaining({ code: 'ERR_EXPECTATION_INVALID_OPTION', option: 'register' }),
    )
  })

  test('counts again in a register that was cleared, as tests of an application do', async () => {
    const register = new Registry()
    running.push(prometheus(register))
    register.clear()
    running.push(prometheus(register))
    expect(await register.metrics()).toContain('expectation_decisions_total')
  })

  test('names routes as it is told to, and takes no harm from that', async () => {
    const routes: Record<string, (outcome: Outcome) => string | undefined> = {
      named: ({ target }) => (target.startsWith('/files/') ? '/files/:name' : undefined),
      broken: () => {
        throw new Error('no')
      },
      odd: (() => 5) as unknown as () => string,
      rejects: (() => Promise.reject(new Error('no'))) as unknown as () => string,
    }
    for (const [shown, route] of Object.entries(routes)) {
      const register = new Registry()
      const counting = prometheus(register, { route })
      running.push(counting)
      const told = outcomes()
      const server = attach(http.createServer(), {
        maxContentLength: 1,
        onOutcome: told.onOutcome,
      })
      const client = await RawClient.connect(await serve(server))
      await client.send(asking()).final()
      client.halfClose()
      await told.first()
      const label = shown === 'named' ? '/files/:name' : 'none'
      const key = `decisions refuse PUT ${label} 413 content_too_large`
      expect((await prometheusLedger(register)).get(key)).toBe(1)
    }
  })

  test('wrong options throw where they are written', () => {
    const register = new Registry()
    const wrong: readonly object[] = [{ routes: () => 'a' }, { route: '/files' }]
    for (const options of wrong) {
      expect(() => prometheus(register, options)).toThrow('route')
      expect(() => openTelemetry(undefined, options)).toThrow('route')
    }
  })

  test.each<[string, unknown]>([
    ['an object', {}],
    ['options', { route: () => 'a' }],
    ['null', null],
    ['text', 'meter'],
    ['a Map', new Map()],
    ['a promise', Promise.resolve(metrics.getMeter('a'))],
    ['a provider', metrics.getMeterProvider()],
    ['half of one', { createCounter: () => undefined, registerMetric: () => undefined }],
  ])('%s in the place of a meter or a register is told as that', (_what, given) => {
    for (const [option, take] of [
      ['meter', openTelemetry],
      ['register', prometheus],
    ] as const) {
      const call = () => Reflect.apply(take, undefined, [given])
      expect(call).toThrow(OptionError)
      expect(call).toThrow(
        expect.objectContaining({ option, code: 'ERR_EXPECTATION_INVALID_OPTION' }),
      )
      expect(call).toThrow('options come second')
    }
  })
})
