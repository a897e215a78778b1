// Law 0: what a handler does by hand, on `ctx.res` or with `ctx.respond`, beside what plain Koa does with
// it.
import { errorHandler } from '@expectation/koa'
import Koa, { type Context, type Middleware } from 'koa'
import { keepConsoleErrors } from '../../support/console.js'
import type { WireResponse } from '../../support/parse-response.js'
import { RawClient } from '../../support/raw-client.js'
import { checkBody } from '../../support/refusal.js'
import { head } from '../../support/request.js'
import { serve } from '../../support/server.js'

keepConsoleErrors()

const wirings = { plain: [], 'with errorHandler()': [errorHandler()] } as const

async function ask(before: readonly Middleware[], ...behind: Middleware[]): Promise<WireResponse> {
  const app = new Koa()
  for (const each of [...before, ...behind]) app.use(each)
  const client = await RawClient.connect(await serve(app))
  client.send(head({ method: 'GET', target: '/files' }))
  return await client.final()
}

describe('ctx.respond = false', () => {
  function failing(context: Context): never {
    context.respond = false
    throw new Error('db password')
  }

  test('plain Koa answers what is thrown behind it', async () => {
    expect((await ask(wirings.plain, failing)).status).toBe(500)
  })

  test('law 0: errorHandler() answers what is thrown behind it', async () => {
    const answer = await ask(wirings['with errorHandler()'], failing)
    checkBody(answer, 500, 'internal_error')
  })
})

for (const [name, before] of Object.entries(wirings)) {
  test(`law 0: an answer that was begun on ctx.res, of 404, is not cut off: ${name}`, async () => {
    const answer = await ask(before, (context) => void context.res.write('begun, '))
    expect(answer.status).toBe(404)
    expect(answer.text).toBe('begun, Not Found')
  })
}
