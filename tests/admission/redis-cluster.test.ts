// A cluster of three masters: a pool lives on one of them, by its hash tag, and whoever asks another one
// is sent on by the client.

import { once } from 'node:events'
import { setTimeout as sleep } from 'node:timers/promises'
import { admission, type RedisClient, redisStore } from '@expectation/admission'
import { Grant } from '@expectation/core'
import Redis from 'ioredis'
import { createCluster } from 'redis'
import { afterThisTest } from '../support/cleanup.js'
import { describeWhen } from '../support/skip.js'
import { ask, giveBack, granted, refused } from './support/asking.js'
import { movingSlot, poolsOf, type RedisNode, redisCluster } from './support/redis-cluster.js'
import { hasRedis, WITHOUT_REDIS } from './support/redis-server.js'
import { until } from './support/until.js'

const byRequest = (_head: unknown, { request }: { request: unknown }) => request as string
type Connect = (nodes: readonly RedisNode[]) => Promise<RedisClient>

const CLIENTS: readonly [string, Connect][] = [
  ['redis', nodeRedis],
  ['ioredis', ioRedis],
]

async function nodeRedis(nodes: readonly RedisNode[]): Promise<RedisClient> {
  const rootNodes = nodes.map(({ port }) => ({ url: `redis://127.0.0.1:${port}` }))
  const cluster = createCluster({ rootNodes })
  cluster.on('error', () => {})
  await cluster.connect()
  afterThisTest(() => cluster.destroy())
  return cluster
}

async function ioRedis(nodes: readonly RedisNode[]): Promise<RedisClient> {
  const cluster = new Redis.Cluster(nodes.map(({ port }) => ({ host: '127.0.0.1', port })))
  cluster.on('error', () => {})
  await once(cluster, 'ready')
  afterThisTest(async () => {
    const ended = once(cluster, 'end')
    cluster.disconnect()
    // One that was connecting again when it was told to end does so without the event.
    await Promise.race([ended, sleep(1_000, undefined, { ref: false })])
  })
  return cluster
}

describeWhen(hasRedis, WITHOUT_REDIS)('a cluster', () => {
  test.each(CLIENTS)(
    'by %s: processes count together, each pool on the node that its name leads to',
    async (_client, connect) => {
      const nodes = await redisCluster()
      const clients = [await connect(nodes), await connect(nodes)]
      for (const pool of await poolsOf(nodes)) {
        const [here, there] = clients.map((client) => {
          const store = redisStore(client, { pool, timeoutMs: 3_000 })
          const limits = { slots: 3, bytes: 100, tenant: byRequest, tenantSlots: 2 }
          const uploads = admission({ ...limits, store })
          afterThisTest(() => uploads.close({ drainMs: 0 }))
          return uploads
        })
        if (here === undefined || there === undefined) throw new Error('two clients')
        let grants = [await granted(here, 10, 'a'), await granted(there, 10, 'a')]
        expect(await refused(here, 10, 'a')).toMatchObject({ reason: 'too_many_uploads' })
        grants.push(await granted(here, 80, 'b'))
        expect(await refused(there, 1, 'c')).toMatchObject({ reason: 'uploads_at_capacity' })
        // A node that has forgotten the script is sent it again.
        for (const { server } of nodes) await server.command('SCRIPT FLUSH')
        giveBack(...grants)
        grants = [await granted(here, 10, 'a')]
        giveBack(...grants)
        await until('nothing is held on any node', async () => {
          const held = nodes.map(({ server }) => server.command(`HLEN {${pool}}:claims`))
          return (await Promise.all(held)).filter((reply) => reply === ':0').length === 1
        })
      }
      const keys = await Promise.all(nodes.map(({ server }) => server.command('DBSIZE')))
      expect(keys.every((reply) => /^:[1-9]/.test(reply))).toBe(true)
    },
  )

  test.each(CLIENTS)(
    'by %s: while its slot moves a pool lets in no more than its limit, and forgets nothing',
    async (_client, connect) => {
      const nodes = await redisCluster()
      const [pool = ''] = await poolsOf(nodes)
      const [here, there] = [await connect(nodes), await connect(nodes)].map((client) => {
        const store = redisStore(client, { pool, timeoutMs: 500 })
        const uploads = admission({ slots: 2, tenant: byRequest, tenantSlots: 2, store })
        afterThisTest(() => uploads.close({ drainMs: 0 }))
        return uploads
      })
      if (here === undefined || there === undefined) throw new Error('two clients')
      const grants = [await granted(here, 1, 'a'), await granted(there, 1, 'b')]
      const [from, to] = nodes
      if (from === undefined || to === undefined) throw new Error('two nodes')
      const slot = await movingSlot(pool, from, to)
      await slot.move([`{${pool}}:claims`])
      // Its keys are on two nodes, and neither runs the script.
      const midway = await Promise.all([refused(here, 1, 'c'), refused(there, 1, 'c')])
      for (const refusal of midway) expect(refusal.reason).toBe('admission_unavailable')
      await slot.move(['used', 'bykey', 'expiry', 'procs'].map((part) => `{${pool}}:${part}`))
      await slot.moved(nodes)
      for (const uploads of [here, there]) {
        await until('the pool is decided on again', async () => {
          const { reason } = await refused(uploads, 1, 'c')
          return reason === 'uploads_at_capacity'
        })
      }
      expect(await to.server.command(`HLEN {${pool}}:claims`)).toBe(':2')
      giveBack(...grants)
      await until('all is given back', async () => {
        return (await to.server.command(`HLEN {${pool}}:claims`)) === ':0'
      })
      giveBack(await granted(here, 1, 'a'), await granted(there, 1, 'b'))
    },
    30_000,
  )

  test.each(CLIENTS)(
    'by %s: a node that is gone is a store that is away',
    async (_client, connect) => {
      const nodes = await redisCluster()
      const [pool = ''] = await poolsOf(nodes)
      const store = redisStore(await connect(nodes), { pool, timeoutMs: 500 })
      const uploads = admission({ slots: 2, store })
      afterThisTest(() => uploads.close({ drainMs: 0 }))
      await until('uploads are let in', async () => {
        const answer = await ask(uploads)
        if (answer instanceof Grant) giveBack(answer)
        return answer instanceof Grant
      })
      await nodes[0]?.server.kill()
      expect(await refused(uploads)).toMatchObject({ status: 503, reason: 'admission_unavailable' })
    },
  )
})
