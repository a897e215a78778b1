// The server frozen, gone, emptied or never there: what is answered meanwhile, how soon, and that
// everything is counted again afterwards.

import type { OnStoreFailure } from '@expectation/admission'
import { Grant, Refusal } from '@expectation/core'
import { describeWhen } from '../support/skip.js'
import { ask, giveBack, granted, refused } from './support/asking.js'
import { CLIENTS } from './support/clients.js'
import { heard, joined, joining, letIn, nothingHeld } from './support/joined.js'
import { hasRedis, RedisServer, WITHOUT_REDIS } from './support/redis-server.js'
import { until } from './support/until.js'

const QUICK = { timeoutMs: 100, graceMs: 200, leaseMs: 1_500 }
const RESTORED = 10_000

/** What two processes take that ask for all they can get. */
async function takeAll(...checks: readonly Awaited<ReturnType<typeof joined>>[]): Promise<Grant[]> {
  const grants: Grant[] = []
  for (let round = 0; round < 30; round += 1) {
    for (const check of checks) {
      const answer = await ask(check)
      if (answer instanceof Grant) grants.push(answer)
    }
  }
  return grants
}

describeWhen(hasRedis, WITHOUT_REDIS)('while the server cannot be asked', () => {
  test.each(CLIENTS)(
    "by %s, 'refuse': nobody is let in, what is held stays held",
    async (client) => {
      const server = await RedisServer.start()
      const uploads = await joined(server, { slots: 3 }, { ...QUICK, client })
      await nothingHeld(server)
      const grants = [await letIn(uploads), await letIn(uploads)]
      server.freeze()
      const refusals = [await refused(uploads), await refused(uploads)]
      for (const refusal of refusals) {
        expect(refusal).toMatchObject({ status: 503, reason: 'admission_unavailable' })
        expect(refusal.headers['Retry-After']).toMatch(/^[1-9]\d*$/)
      }
      expect(uploads.stats().slots).toBe(2)
      giveBack(...grants.splice(0, 1))
      server.thaw()
      // What was asked meanwhile is answered late: it is held by nobody, and given back.
      await until('the server knows one claim', async () => {
        return (await server.command('HLEN {uploads}:claims')) === ':1'
      })
      await until('uploads are let in', async () => {
        const answer = await ask(uploads)
        if (answer instanceof Grant) grants.push(answer)
        return answer instanceof Grant
      })
      giveBack(...grants)
      await nothingHeld(server)
      expect(await server.command('HGET {uploads}:used s')).toBe('$1\r\n0')
    },
  )

  test("'local': each process goes on with its part, and never above the limit together", async () => {
    const server = await RedisServer.start()
    const limits = { slots: 10, onStoreFailure: 'local' } as const
    const one = await joined(server, limits, QUICK)
    const other = await joined(server, limits, QUICK)
    await nothingHeld(server)
    const held = [await letIn(one), await letIn(one), await letIn(other)]
    await until('both know each other', async () => {
      return (await server.command('ZCARD {uploads}:procs')) === ':2'
    })
    // A process that has just begun takes no part: nobody knows of it.
    await new Promise((resolve) => setTimeout(resolve, 1_200))
    server.freeze()
    const taken = await takeAll(one, other)
    expect(taken.length).toBeGreaterThan(0)
    expect(held.length + taken.length).toBeLessThanOrEqual(10)
    server.thaw()
    await until('the server knows all of them', async () => {
      return (await server.command('HLEN {uploads}:claims')) === `:${held.length + taken.length}`
    })
    const more = await takeAll(one, other)
    expect(held.length + taken.length + more.length).toBeLessThanOrEqual(10)
    giveBack(...held, ...taken, ...more)
    await nothingHeld(server)
  })

  test("'admit': everybody passes, and is counted afterwards", async () => {
    const server = await RedisServer.start()
    const uploads = await joined(server, { slots: 1, onStoreFailure: 'admit' }, QUICK)
    await nothingHeld(server)
    await server.kill()
    const grants = [await granted(uploads), await granted(uploads), await granted(uploads)]
    await server.begin()
    await until(
      'the server knows them',
      async () => (await server.command('HLEN {uploads}:claims')) === ':3',
      RESTORED,
    )
    await until('the limit holds again', async () => {
      const answer = await ask(uploads)
      if (answer instanceof Grant) grants.push(answer)
      return answer instanceof Refusal
    })
    giveBack(...grants)
    await nothingHeld(server)
  })

  test.each<[OnStoreFailure, boolean]>([
    ['refuse', false],
    ['local', false],
    ['admit', true],
  ])('never there, %p: a clear answer, and back by itself', async (onStoreFailure, passes) => {
    for (const client of ['redis', 'ioredis'] as const) {
      const server = RedisServer.prepare()
      const events = heard()
      const uploads = await joining(server, { slots: 1, onStoreFailure }, { ...QUICK, client })
      for (let time = 0; time < 3; time += 1) {
        const answer = await ask(uploads)
        if (answer instanceof Grant) giveBack(answer)
        expect(answer instanceof Grant).toBe(passes)
      }
      expect(events.filter((event) => event.kind === 'store')).toMatchObject([{ state: 'down' }])
      await server.begin()
      await until('uploads are counted', async () => {
        const answer = await ask(uploads)
        if (!(answer instanceof Grant)) return false
        const known = await server.command('HLEN {uploads}:claims')
        giveBack(answer)
        return known === ':1'
      })
      await nothingHeld(server)
      await uploads.close({ drainMs: 0 })
    }
  })

  test('content under way waits for the server to come back', async () => {
    const server = await RedisServer.start()
    const unknownLength = { first: 10, step: 10, waitMs: 10_000 }
    const uploads = await joined(server, { bytes: 100, unknownLength }, QUICK)
    const grant = await letIn(uploads, 'chunked')
    await server.kill()
    const more = Promise.resolve(grant.extend(5))
    await until('the outage is known', async () => {
      return (await refused(uploads)).reason === 'admission_unavailable'
    })
    await server.begin()
    expect(await more).toBe(20)
    giveBack(grant)
    await nothingHeld(server)
  })
})

test.each<[string, () => unknown]>([
  ['throws', () => raise(new Error('no'))],
  ['rejects', () => Promise.reject(new Error('no'))],
  ['replies nothing', () => undefined],
  ['replies nonsense', () => [{}, null]],
  ['replies an unknown word', () => ['perhaps']],
  ['never replies', () => new Promise(() => {})],
])('a function that %s is a store that is away', async (_how, client) => {
  const { admission, redisStore } = await import('@expectation/admission')
  const uploads = admission({ slots: 1, store: redisStore(client, { timeoutMs: 50 }) })
  expect(await refused(uploads)).toMatchObject({ status: 503, reason: 'admission_unavailable' })
  await uploads.close()
  const store = redisStore(client, { timeoutMs: 50 })
  const admitting = admission({ slots: 1, store, onStoreFailure: 'admit' })
  giveBack(await letIn(admitting))
  await admitting.close()
})

test.each<[string, unknown]>([
  ['an object without a prototype', Object.create(null)],
  ['an object whose text throws', { toString: () => raise(new Error('no')) }],
  ['nothing', undefined],
])('a function that throws %s is asked again', async (_what, thrown) => {
  const { admission, redisStore } = await import('@expectation/admission')
  let back = false
  const client = (_script: string, _keys: unknown, args: readonly string[]) => {
    if (!back) raise(thrown)
    return args.at(-1) === 'acquire' ? ['granted', 'e', 1, 5] : [0, 'e', 1, 0, 0]
  }
  const uploads = admission({ slots: 1, store: redisStore(client) })
  expect(await refused(uploads)).toMatchObject({ status: 503, reason: 'admission_unavailable' })
  back = true
  giveBack(await letIn(uploads))
  await uploads.close()
})

function raise(thrown: unknown): never {
  throw thrown
}
