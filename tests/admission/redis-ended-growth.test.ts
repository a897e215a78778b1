// An upload that ends while the store is asked for more: what comes of the question concerns nobody, and
// holds up nobody.

import { within } from '../support/server.js'
import { describeWhen } from '../support/skip.js'
import { giveBack } from './support/asking.js'
import { joined, letIn, nothingHeld } from './support/joined.js'
import { RedisLink } from './support/redis-link.js'
import { hasRedis, RedisServer, WITHOUT_REDIS } from './support/redis-server.js'
import { until } from './support/until.js'

const unknownLength = { first: 10, step: 10, headroom: 0, waitMs: 60_000 }

describeWhen(hasRedis, WITHOUT_REDIS)('an upload that ends while Redis is asked for more', () => {
  it('waits for nothing, and those behind it get what comes free', async () => {
    const server = await RedisServer.start()
    const link = await RedisLink.before(server)
    const uploads = await joined(link, { bytes: 40, unknownLength }, { client: 'ioredis' })
    await nothingHeld(server)
    const ending = await letIn(uploads, 'chunked')
    const growing = await letIn(uploads, 'chunked')
    const declared = [await letIn(uploads, 10), await letIn(uploads, 10)]
    // It is full. The answer comes when the upload is over.
    link.delayMs = 300
    const nobodys = Promise.resolve(ending.extend(5))
    await until('it was asked', async () => {
      return (await server.command('HEXISTS {uploads}:used hungry')) === ':1'
    })
    giveBack(ending)
    link.delayMs = 0
    expect(await within('an answer', nobodys)).toMatchObject({ status: 503 })
    declared.push(await letIn(uploads, 10))
    const more = Promise.resolve(growing.extend(5))
    giveBack(...declared.splice(0, 1))
    expect(await within('the room that came free', more)).toBe(20)
    giveBack(growing, ...declared)
    await nothingHeld(server)
  })
})
