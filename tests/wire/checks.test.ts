// Checks: asked of the head, in order, in bounded time; a "no" costs no content (laws 1, 5, 9).

import type { ServerResponse } from 'node:http'
import { type ExpectationOptions, errorHandler, expectation, Refusal } from '@expectation/express'
import express, { type Express } from 'express'
import { keepConsoleErrors } from '../support/console.js'
import { RawClient } from '../support/raw-client.js'
import { checkBody, closesAfter, refused } from '../support/refusal.js'
import { asking, head } from '../support/request.js'
import { latch, serve, within } from '../support/server.js'
import { echo, uploads } from '../support/uploads.js'

const log = keepConsoleErrors()

type Check = NonNullable<ExpectationOptions['checks']>[number]

const never = (): Promise<void> => new Promise(() => undefined)

test('R16 MUST (RFC 9110 10.1.1): an asynchronous yes lets the 100 follow', async () => {
  const go = latch()
  const { app, save } = uploads({ checks: [() => go.opened], checkTimeoutMs: 5000 })
  const client = await RawClient.connect(await serve(app))
  client.send(asking())
  await client.quiet(40)
  expect(save.calls).toBe(0)
  go.open()
  await client.continue()
  client.send('12345')
  expect((await client.final()).json()).toEqual({ content: '12345' })
})

test('R8 MAY (RFC 9110 10.1.1): content that comes during an asynchronous check is not lost', async () => {
  const go = latch()
  const { app } = uploads({ checks: [() => go.opened], checkTimeoutMs: 5000 })
  const client = await RawClient.connect(await serve(app))
  client.send(`${head({ length: 5 })}12`)
  await client.quiet(30)
  client.send('345')
  go.open()
  expect((await client.final()).json()).toEqual({ content: '12345' })
})

test('checks run one after the other, in order, and the first refusal wins', async () => {
  const order: string[] = []
  const checks: Check[] = [
    async () => {
      order.push('first begins')
      await new Promise((resolve) => setImmediate(resolve))
      order.push('first ends')
    },
    () => {
      order.push('second')
      return new Refusal(429, { reason: 'quota_exhausted', headers: { 'Retry-After': '30' } })
    },
    () => {
      order.push('third')
      return new Refusal(403)
    },
  ]
  const { app, save } = uploads({ checks })
  const client = await RawClient.connect(await serve(app))
  client.send(asking())
  const response = await refused(client, 429, 'quota_exhausted')
  expect(response.field('retry-after')).toBe('30')
  expect(order).toEqual(['first begins', 'first ends', 'second'])
  expect(save.calls).toBe(0)
})

test('the head and the request are given to a check, whose fields have lower-case names', async () => {
  const seen: unknown[] = []
  const checks: Check[] = [
    (head, { request, signal }) => {
      seen.push(head.method, head.target, head.headers['x-token'], signal.aborted)
      seen.push((request as { url?: string }).url)
    },
  ]
  const client = await RawClient.connect(await serve(uploads({ checks }).app))
  client.send(asking({ lines: ['X-Token: t'] }))
  await client.continue()
  expect(seen).toEqual(['PUT', '/files/a', 't', false, '/files/a'])
})

test('a thrown Refusal is a refusal', async () => {
  const checks: Check[] = [
    () => {
      throw new Refusal(403, { reason: 'not_yours', message: 'Not yours', details: { owner: 'b' } })
    },
  ]
  const client = await RawClient.connect(await serve(uploads({ checks }).app))
  client.send(asking())
  const response = await refused(client, 403, 'not_yours')
  expect(response.json()).toEqual({
    error: { code: 403, reason: 'not_yours', message: 'Not yours', details: { owner: 'b' } },
  })
})

test('rules come before checks: a check is not asked about what is refused anyway', async () => {
  const asked: string[] = []
  const options = { maxContentLength: 4, checks: [() => void asked.push('check')] }
  const client = await RawClient.connect(await serve(uploads(options).app))
  client.send(asking())
  await refused(client, 413, 'content_too_large')
  expect(asked).toEqual([])
})

describe('the deadline', () => {
  for (const line of ['100-continue', undefined]) {
    const asked = line === undefined ? 'without Expect' : 'with Expect'
    test(`R22 SHOULD (RFC 9110 15.6.4): ${asked}: 503 check_timed_out with Retry-After`, async () => {
      const { app, save } = uploads({ checks: [never], checkTimeoutMs: 30 })
      const client = await RawClient.connect(await serve(app))
      client.send(head({ expect: line ?? [], length: 100_000_000 }))
      const response = await refused(client, 503, 'check_timed_out')
      expect(response.field('retry-after')).toMatch(/^\d+$/)
      expect(save.calls).toBe(0)
    })
  }

  test('it is one for all checks together', async () => {
    const slow = (): Promise<void> => new Promise((resolve) => setTimeout(resolve, 60))
    const { app } = uploads({ checks: Array.from({ length: 20 }, () => slow), checkTimeoutMs: 100 })
    const client = await RawClient.connect(await serve(app))
    client.send(asking())
    await refused(client, 503, 'check_timed_out')
  })

  test("onCheckTimeout 'continue' lets the upload through", async () => {
    const options = { checks: [never], checkTimeoutMs: 30, onCheckTimeout: 'continue' } as const
    const client = await RawClient.connect(await serve(uploads(options).app))
    client.send(asking())
    await client.continue()
    client.send('12345')
    expect((await client.final()).json()).toEqual({ content: '12345' })
  })

  test('the signal aborts when time is up', async () => {
    const aborted = latch<unknown>()
    const checks: Check[] = [
      (_head, { signal }) => {
        signal.addEventListener('abort', () => aborted.open(signal.reason))
        return never()
      },
    ]
    const client = await RawClient.connect(await serve(uploads({ checks, checkTimeoutMs: 30 }).app))
    client.send(asking())
    await refused(client, 503, 'check_timed_out')
    expect(await within('the signal', aborted.opened)).toMatchObject({ reason: 'check_timed_out' })
  })

  test('a late refusal after the deadline writes nothing', async () => {
    const late = latch()
    const checks: Check[] = [
      async () => {
        await late.opened
        return new Refusal(403)
      },
    ]
    const client = await RawClient.connect(await serve(uploads({ checks, checkTimeoutMs: 30 }).app))
    client.send(asking())
    const response = await client.final()
    checkBody(response, 503, 'check_timed_out')
    late.open()
    await closesAfter(client, response)
  })
})

describe('a check that fails', () => {
  const failures: Readonly<Record<string, Check>> = {
    throws: () => {
      throw new Error('db password is 1234')
    },
    rejects: async () => {
      await Promise.resolve()
      throw new Error('db password is 1234')
    },
  }
  for (const [how, check] of Object.entries(failures)) {
    test(`law 9: one that ${how} gives 500 and its message stays inside`, async () => {
      const { app, save } = uploads({ checks: [check] })
      const client = await RawClient.connect(await serve(app))
      client.send(asking())
      const response = await refused(client, 500, 'internal_error')
      expect(response.text).not.toContain('password')
      expect(save.calls).toBe(0)
      expect(JSON.stringify(log.entries.map((given) => given.map(String)))).toContain('password')
    })
  }
})

describe('the client goes away during a check', () => {
  interface Scene {
    readonly client: RawClient
    readonly began: Promise<void>
    readonly aborted: Promise<void>
    readonly settle: () => void
    readonly downstream: () => number
    readonly responses: readonly ServerResponse[]
  }

  async function scene(): Promise<Scene> {
    const began = latch()
    const aborted = latch()
    const settle = latch()
    const save = echo()
    const responses: ServerResponse[] = []
    const checks: Check[] = [
      async (_head, { signal }) => {
        signal.addEventListener('abort', () => aborted.open())
        began.open()
        await settle.opened
      },
    ]
    const app: Express = express().use(expectation({ checks, checkTimeoutMs: 5000 }))
    app.put('/files/:name', save)
    app.use(errorHandler())
    const running = await serve(app)
    running.server.on('request', (_req, res: ServerResponse) => {
      responses.push(res)
    })
    const client = await RawClient.connect(running)
    return {
      client,
      began: began.opened,
      aborted: aborted.opened,
      settle: () => settle.open(),
      downstream: () => save.calls,
      responses,
    }
  }

  for (const how of ['destroy', 'reset'] as const) {
    test(`the signal aborts, and nothing is dispatched after (${how})`, async () => {
      const { client, began, aborted, settle, downstream, responses } = await scene()
      client.send(asking())
      await within('the check', began)
      client[how]()
      await within('the abort', aborted)
      settle()
      for (let step = 0; step < 5; step += 1) await new Promise((done) => setImmediate(done))
      expect(downstream()).toBe(0)
      expect(responses.map((res) => res.headersSent)).toEqual([false])
      expect(client.seen).toBe('')
    })
  }
})
