// What comes from outside makes counters wrong: somebody's hand, an eviction, half a dump. Once in a minute
// claims are counted again. And a pool that two admissions know by different limits is warned of.

import { isDeepStrictEqual } from 'node:util'
import { admission, redisStore } from '@expectation/admission'
import { afterThisTest } from '../support/cleanup.js'
import { describeWhen } from '../support/skip.js'
import { giveBack, granted } from './support/asking.js'
import { clientOf } from './support/clients.js'
import { counted, heard, joined } from './support/joined.js'
import { hasRedis, RedisServer, WITHOUT_REDIS } from './support/redis-server.js'
import { until } from './support/until.js'

/** From here on this process takes it for a minute later. */
function aMinuteLater(): void {
  const now = performance.now.bind(performance)
  const spy = jest.spyOn(performance, 'now').mockImplementation(() => now() + 61_000)
  afterThisTest(() => spy.mockRestore())
}

describeWhen(hasRedis, WITHOUT_REDIS)('an audit', () => {
  test('sets right what was made wrong, and tells how much it was', async () => {
    const server = await RedisServer.start()
    const events = heard()
    const tenant = () => 'ada'
    const limits = { slots: 5, tenant, tenantSlots: 3 }
    const uploads = await joined(server, limits, { leaseMs: 9_000 })
    const grants = [await granted(uploads, 3), await granted(uploads, 4)]
    await server.command('HINCRBY {uploads}:used s 3')
    await server.command('HINCRBY {uploads}:used b -7')
    await server.command('HSET {uploads}:bykey s:ada 1 s:bob 9')
    await server.command('HSET {uploads}:claims dead.1 7|')
    aMinuteLater()
    await until('it was audited', () => events.some(({ kind }) => kind === 'drift'))
    // Slots, bytes, what ada has, what bob has not, and a claim without a lease, which would never end.
    expect(events.filter(({ kind }) => kind === 'drift')).toMatchObject([{ counters: 5 }])
    expect(await counted(server)).toBe(3)
    expect(await server.command('HGET {uploads}:bykey s:ada')).toContain('2')
    expect(await server.command('HGET {uploads}:bykey s:bob')).toBe('$-1')
    giveBack(...grants)
    await until('what was held is given back', async () => (await counted(server)) === 1)
  })

  test('finds nothing where nobody has touched anything', async () => {
    const server = await RedisServer.start()
    const events = heard()
    const uploads = await joined(server, { slots: 5 }, { leaseMs: 9_000 })
    const grant = await granted(uploads)
    aMinuteLater()
    const audited = () => server.command('HEXISTS {uploads}:used audited')
    await until('it was audited', async () => (await audited()) === ':1')
    expect(await counted(server)).toBe(1)
    expect(events.map(({ kind }) => kind)).not.toContain('drift')
    giveBack(grant)
  })

  test('two admissions that know one pool by different limits are warned of, once', async () => {
    const server = await RedisServer.start()
    const client = await clientOf('redis', server)
    const warn = jest.spyOn(process, 'emitWarning').mockImplementation(() => undefined)
    afterThisTest(() => warn.mockRestore())
    for (const slots of [1, 1, 2, 3]) {
      const uploads = admission({ slots, store: redisStore(client, { timeoutMs: 3_000 }) })
      afterThisTest(() => uploads.close({ drainMs: 0 }))
    }
    const code = 'EXPECTATION_WRN_ADMISSION_LIMITS_DIFFER'
    const differ = warn.mock.calls
      .map(([, options]) => options)
      .filter((options) => isDeepStrictEqual(options, { type: 'ExpectationWarning', code }))
    expect(differ).toHaveLength(1)
  })
})
