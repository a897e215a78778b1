// The clients that the Redis store is tested with, each as its users make it.

import { once } from 'node:events'
import type { RedisClient } from '@expectation/admission'
import Redis from 'ioredis'
import { createClient } from 'redis'
import { afterThisTest } from '../../support/cleanup.js'
import type { RedisServer } from './redis-server.js'

/** Where a server listens, or what stands before it. */
export type RedisAddress = Pick<RedisServer, 'socket'>

export type ClientName = 'redis' | 'ioredis' | 'function'
export const CLIENTS: readonly ClientName[] = ['redis', 'ioredis', 'function']

/** Connected where the server is there; else it goes on trying. */
export async function clientOf(name: ClientName, server: RedisAddress): Promise<RedisClient> {
  switch (name) {
    case 'redis':
      return nodeRedis(server)
    case 'ioredis':
      return ioRedis(server)
    case 'function': {
      const client = ioRedis(server)
      return (script, keys, args) => client.eval(script, keys.length, ...keys, ...args)
    }
  }
}

function nodeRedis(server: RedisAddress) {
  const client = createClient({
    socket: { path: server.socket, reconnectStrategy: () => 50, tls: false },
  })
  client.on('error', () => {})
  // Resolves when the server is there, which may be never.
  client.connect().catch(() => {})
  afterThisTest(() => client.destroy())
  return client
}

function ioRedis(server: RedisAddress): Redis {
  const client = new Redis(server.socket, { retryStrategy: () => 50 })
  client.on('error', () => {})
  afterThisTest(async () => {
    const ended = client.status === 'end' ? undefined : once(client, 'end')
    client.disconnect()
    await ended
  })
  return client
}
