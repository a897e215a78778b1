// The server's clock is set ahead: leases end that nobody could renew, and whoever holds something has to
// tell it before anybody is let in beside it, though its next heartbeat is far away.

import { Grant, Refusal } from '@expectation/core'
import { describeWhen } from '../support/skip.js'
import { ask, giveBack, grantedInTurn } from './support/asking.js'
import { heard, joined, nothingHeld } from './support/joined.js'
import { hasRedis, RedisServer, WITHOUT_REDIS } from './support/redis-server.js'
import { until } from './support/until.js'

/** Heartbeats that come within no test. */
const LEASE = { leaseMs: 120_000, graceMs: 2_000 }
const HOUR_MS = 3_600_000

/** What the server's clock has to be compared with was an hour earlier. */
function setAhead(server: RedisServer): Promise<string> {
  const script = `
    for _, key in ipairs({ '{uploads}:expiry', '{uploads}:procs' }) do
      local all = redis.call('ZRANGE', key, 0, -1)
      for _, member in ipairs(all) do redis.call('ZINCRBY', key, -${HOUR_MS}, member) end
    end
    for _, moment in ipairs({ 'due', 'grace', 'hungry', 'audited' }) do
      if redis.call('HEXISTS', '{uploads}:used', moment) == 1 then
        redis.call('HINCRBY', '{uploads}:used', moment, -${HOUR_MS})
      end
    end
    return 'set'`
  return server.command(`EVAL "${script.replaceAll(/\s+/g, ' ')}" 0`)
}

describeWhen(hasRedis, WITHOUT_REDIS)('the clock of the server, set ahead', () => {
  test('nobody is let in beside those that hold everything', async () => {
    const server = await RedisServer.start()
    const events = heard()
    const near = await joined(server, { slots: 4 }, LEASE)
    const far = await joined(server, { slots: 4 }, LEASE)
    await nothingHeld(server)
    const grants = await grantedInTurn(near, near, far, far)
    expect(await setAhead(server)).toMatch(/set$/)
    await until('the server decides again', async () => {
      const answer = await ask(near)
      if (answer instanceof Grant) grants.push(answer)
      return answer instanceof Refusal && answer.reason === 'uploads_at_capacity'
    })
    expect(grants).toHaveLength(4)
    expect(await server.command('HLEN {uploads}:claims')).toBe(':4')
    const restored = events.filter(({ kind }) => kind === 'restored')
    expect(restored).toMatchObject([
      { claims: 2, lost: 'lease' },
      { claims: 2, lost: 'lease' },
    ])
    giveBack(...grants)
    await nothingHeld(server)
  })
})
