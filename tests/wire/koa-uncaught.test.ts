// Koa without an error handler in the way: the gate's refusal is answered in the error shape, and
// every other error stays Koa's.

import http from 'node:http'
import { attach } from '@expectation/core/node'
import { expectation, Refusal } from '@expectation/koa'
import Koa, { type Context, type Middleware } from 'koa'
import { RawClient } from '../support/raw-client.js'
import { refused } from '../support/refusal.js'
import { chunks, type HeadFields, head } from '../support/request.js'
import { serve } from '../support/server.js'
import { contentOf } from '../support/uploads.js'

const refusing = (reason: string) => expectation({ checks: [() => new Refusal(403, { reason })] })

/** Runs a gate, and goes on as if it had not refused. */
async function forgive(gate: Middleware, context: Context): Promise<void> {
  await Promise.resolve()
    .then(() => gate(context, async () => undefined))
    .catch(() => undefined)
}

interface Asked {
  readonly client: RawClient
  readonly told: unknown[]
}

const ask = (...middleware: Middleware[]): Promise<Asked> => askWith({ chunked: true }, middleware)

async function askWith(framing: HeadFields, middleware: readonly Middleware[]): Promise<Asked> {
  const app = new Koa()
  const told: unknown[] = []
  app.on('error', (error: Error) => told.push(error.message))
  for (const each of middleware) app.use(each)
  const client = await RawClient.connect(await serve(attach(http.createServer(app.callback()))))
  client.send(head({ expect: '100-continue', ...framing }))
  return { client, told }
}

describe('an uncaught refusal on Koa', () => {
  test('law 7: is answered in the error shape, and told to the application', async () => {
    const { client, told } = await ask(refusing('quota_exhausted'))
    await refused(client, 403, 'quota_exhausted')
    expect(told).toEqual(['Forbidden'])
  })

  test('law 7: is that of the last gate, when those before it were caught', async () => {
    const first = refusing('first')
    const { client } = await ask(async (context, next) => {
      await forgive(first, context)
      await forgive(first, context)
      await next()
    }, refusing('second'))
    await refused(client, 403, 'second')
  })

  test('law 7: also when content goes over the limit while it is read', async () => {
    const { client, told } = await ask(
      async (context, next) => {
        context.set('X-Set', 'before')
        await next()
      },
      expectation({ maxContentLength: 4, format: 'flat' }),
      async (context) => void (await contentOf(context.req)),
    )
    await client.continue()
    const answer = await client.send(chunks('hello')).final()
    expect(answer.status).toBe(413)
    expect(answer.json()).toEqual({ error: 'content_too_large', message: 'Content Too Large' })
    expect(answer.field('x-set')).toBe('before')
    expect(told).toEqual(['Content Too Large'])
  })

  for (const continueTiming of ['on-read', 'after-checks'] as const) {
    test(`law 7: also when content does not come after the 100, sent ${continueTiming}`, async () => {
      const { client, told } = await askWith({ length: 10 }, [
        async (context, next) => {
          context.set('Access-Control-Allow-Origin', '*')
          await next()
        },
        expectation({ continueTiming, contentTimeoutMs: 50, format: 'flat' }),
        async (context) => void (await contentOf(context.req)),
      ])
      await client.continue()
      const answer = await client.final()
      expect(answer.status).toBe(408)
      expect(answer.json()).toMatchObject({ error: 'request_timeout' })
      expect(answer.field('access-control-allow-origin')).toBe('*')
      expect(told).toEqual(['Request Timeout'])
    })
  }

  test('law 7: does not take the errors that come after it from Koa', async () => {
    const gates = [refusing('first'), refusing('second')]
    const { client, told } = await ask(async (context) => {
      for (const gate of gates) await forgive(gate, context)
      throw new Error('boom')
    })
    const answer = await client.final()
    expect(answer.status).toBe(500)
    expect(answer.text).toBe('Internal Server Error')
    expect(told).toEqual(['boom'])
  })
})
