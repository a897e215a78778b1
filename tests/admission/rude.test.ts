// What applications, clients and servers should not do: over the wire an answer that is clear, and
// nothing held afterwards.

import { type AdmissionOptions, admission, memory, redisStore } from '@expectation/admission'
import { Grant, OptionError, Refusal } from '@expectation/core'
import Redis from 'ioredis'
import { createClient } from 'redis'
import { afterThisTest } from '../support/cleanup.js'
import { RawClient } from '../support/raw-client.js'
import { asking } from '../support/request.js'
import { latch, serve } from '../support/server.js'
import { describeWhen } from '../support/skip.js'
import { uploads as application } from '../support/uploads.js'
import { ask, giveBack, granted } from './support/asking.js'
import { clientOf } from './support/clients.js'
import { hasRedis, RedisServer, WITHOUT_REDIS } from './support/redis-server.js'
import { until } from './support/until.js'

const EMPTY = { slots: 0, bytes: 0, waiting: 0 }
const PATIENT = { withinMs: 10_000 }
const fails = (): never => {
  throw new Error('no session')
}

/** No promise, but something that can be waited for. */
function thenable(then: (resolve: (tenant: string) => void) => void): PromiseLike<string> {
  return { then } as unknown as PromiseLike<string>
}

async function serving(options: AdmissionOptions, checkTimeoutMs = 5_000) {
  const check = admission(options)
  afterThisTest(() => check.close({ drainMs: 0 }))
  const { app } = application({ checks: [check], checkTimeoutMs })
  const { port } = await serve(app)
  return {
    check,
    async upload(length = 5): Promise<readonly [number, string | undefined]> {
      const client = await RawClient.connect({ port })
      client.send(asking({ length }))
      const answer = await client.next(PATIENT)
      if (answer.status !== 100) {
        const { error } = answer.json() as { readonly error: { readonly reason?: string } }
        return [answer.status, error.reason]
      }
      client.send('x'.repeat(length))
      return [(await client.final(PATIENT)).status, undefined]
    },
  }
}

beforeEach(() => {
  const { error } = console
  console.error = () => {}
  afterThisTest(() => {
    console.error = error
  })
})

describe('a tenant function', () => {
  test.each<[string, () => unknown]>([
    ['throws', fails],
    ['rejects', async () => fails()],
    ['answers a number', () => 7],
    ['answers an object without a prototype', () => Object.create(null)],
    ['answers an empty text later', async () => ''],
    ['answers a thenable that throws', () => thenable(fails)],
  ])('that %s is a fault: 500, and nothing is held', async (_how, tenant) => {
    const options = { slots: 1, tenantSlots: 1, tenant: tenant as () => string }
    const { check, upload } = await serving(options)
    expect((await upload())[0]).toBe(500)
    expect((await upload())[0]).toBe(500)
    expect(check.stats()).toEqual(EMPTY)
  })

  test('that refuses is believed', async () => {
    const tenant = () => {
      throw new Refusal(401)
    }
    const { check, upload } = await serving({ tenant })
    expect((await upload())[0]).toBe(401)
    expect(check.stats()).toEqual(EMPTY)
  })

  test('that never answers is ended by the deadline of the checks: 503', async () => {
    const { check, upload } = await serving({ tenant: () => new Promise(() => {}) }, 50)
    expect((await upload())[0]).toBe(503)
    expect(check.stats()).toEqual(EMPTY)
  })

  test('that answers after the deadline holds nothing', async () => {
    const answer = latch()
    const tenant = async () => {
      await answer.opened
      return 'a'
    }
    const { check, upload } = await serving({ slots: 1, tenant }, 50)
    expect((await upload())[0]).toBe(503)
    answer.open()
    await until('it is given back', () => check.stats().slots === 0)
    expect(await upload(1)).toEqual([200, undefined])
  })

  test('may answer with a thenable, as query builders do', async () => {
    const tenant = () => thenable((resolve) => resolve('a'))
    const { upload } = await serving({ slots: 1, tenantSlots: 1, tenant })
    expect(await upload()).toEqual([200, undefined])
  })

  test('may answer with a text that would break a key', async () => {
    const odd = ['a|b', '{x}:y', '#'.repeat(64), 'é', '\0', 'x'.repeat(100_000), '\r\nDEL a']
    for (const tenant of odd) {
      const { check, upload } = await serving({ tenantSlots: 1, tenant: () => tenant })
      expect(await upload()).toEqual([200, undefined])
      expect(check.stats()).toEqual(EMPTY)
    }
  })
})

test('memory: null is no number', () => {
  expect(() => memory({ max: null as unknown as number })).toThrow(OptionError)
})

describeWhen(hasRedis, WITHOUT_REDIS)('a Redis', () => {
  test('client that was never connected: 503, and let in once it is', async () => {
    const server = await RedisServer.start()
    const client = createClient({ socket: { path: server.socket, tls: false } })
    client.on('error', () => {})
    const { upload } = await serving({ slots: 1, store: redisStore(client) })
    expect(await upload()).toEqual([503, 'admission_unavailable'])
    await client.connect()
    afterThisTest(() => client.destroy())
    await until('it is let in', async () => (await upload())[0] === 200)
  })

  test('client that was closed: 503, and the process goes on', async () => {
    const server = await RedisServer.start()
    const client = new Redis(server.socket)
    client.on('error', () => {})
    afterThisTest(() => client.disconnect())
    const { upload } = await serving({ slots: 1, store: redisStore(client, { timeoutMs: 3_000 }) })
    await until('it is let in', async () => (await upload())[0] === 200)
    client.disconnect()
    for (let time = 0; time < 3; time += 1) {
      expect(await upload()).toEqual([503, 'admission_unavailable'])
    }
  })

  test.each([
    ['keys that are something else', 'SET {uploads}:used text'],
    ['no memory left', 'CONFIG SET maxmemory 1'],
    ['a replica, which takes no writes', 'REPLICAOF 127.0.0.1 1'],
  ])('with %s is a store that is away, until it is not', async (_what, command) => {
    const undo: Readonly<Record<string, string>> = {
      SET: 'DEL {uploads}:used',
      CONFIG: 'CONFIG SET maxmemory 0',
      REPLICAOF: 'REPLICAOF NO ONE',
    }
    const server = await RedisServer.start()
    await server.command(command)
    const client = await clientOf('redis', server)
    const { upload } = await serving({ slots: 1, store: redisStore(client) })
    for (let time = 0; time < 3; time += 1) {
      expect(await upload()).toEqual([503, 'admission_unavailable'])
    }
    await server.command(undo[command.split(' ')[0] ?? ''] ?? '')
    await until('it is let in', async () => (await upload())[0] === 200)
  })

  test('counts the largest numbers exactly', async () => {
    const server = await RedisServer.start()
    const most = Number.MAX_SAFE_INTEGER
    const client = await clientOf('redis', server)
    const limits = { slots: most, bytes: most, tenantSlots: most, tenant: () => 'a' }
    const check = admission({ ...limits, store: redisStore(client, { timeoutMs: 3_000 }) })
    afterThisTest(() => check.close({ drainMs: 0 }))
    await until('it is let in', async () => {
      const answer = await ask(check, most - 1)
      if (answer instanceof Grant) giveBack(answer)
      return answer instanceof Grant
    })
    const grants = [await granted(check, most - 1), await granted(check, 1)]
    expect(await ask(check, 1)).toMatchObject({ reason: 'uploads_at_capacity' })
    expect(await server.command('HGET {uploads}:used b')).toContain(String(most))
    giveBack(...grants)
    await until('nothing is held', async () => {
      return (await server.command('HGET {uploads}:used b')) === '$1\r\n0'
    })
  })
})
