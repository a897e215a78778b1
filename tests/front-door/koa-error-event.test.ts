// Koa tells its application every error as the event `error`: with errorHandler in front it is told
// the same, also what comes when the head is out, and errors of another realm as they are.

import { once } from 'node:events'
import vm from 'node:vm'
import { errorHandler, expectation } from '@expectation/koa'
import Koa, { type Context } from 'koa'
import { RawClient } from '../support/raw-client.js'
import { head } from '../support/request.js'
import { serve } from '../support/server.js'

interface Told {
  readonly message: string
  readonly code?: string
}

async function told(target: string, normalized: boolean): Promise<Told> {
  const app = new Koa()
  if (normalized) app.use(errorHandler()).use(expectation())
  app.use(async (context: Context) => {
    if (context.path === '/late') {
      context.status = 200
      context.flushHeaders()
      await Promise.resolve()
      throw new Error('database gone')
    }
    if (context.path === '/403') context.throw(403)
    if (context.path === '/realm') {
      const Foreign = vm.runInNewContext('Error') as ErrorConstructor
      throw Object.assign(new Foreign('other realm'), { code: 'ENOENT' })
    }
    throw Object.create(null)
  })
  const seen: Error[] = []
  app.on('error', (error: Error) => seen.push(error))
  const told = once(app, 'error')
  const client = await RawClient.connect(await serve(app))
  client.send(head({ method: 'GET', target }))
  await told
  await client.next().catch(() => undefined)
  expect(seen).toHaveLength(1)
  const { message, code } = seen[0] as Error & { readonly code?: string }
  return { message, ...(code !== undefined && { code }) }
}

for (const target of ['/late', '/403', '/realm']) {
  test(`law 0: ${target} is told as without the library`, async () => {
    expect(await told(target, true)).toEqual(await told(target, false))
  })
}

test('law 0: an error of another realm keeps its message and code', async () => {
  expect(await told('/realm', true)).toEqual({ message: 'other realm', code: 'ENOENT' })
})

test('what has no text is told as an error', async () => {
  expect((await told('/none', true)).message).toContain('non-error thrown')
})

test('an address that nobody answers is no error', async () => {
  const seen: unknown[] = []
  const app = new Koa().use(errorHandler())
  app.on('error', (error) => seen.push(error))
  const client = await RawClient.connect(await serve(app))
  expect((await client.send(head({ method: 'GET', target: '/nowhere' })).final()).status).toBe(404)
  expect(seen).toEqual([])
})
