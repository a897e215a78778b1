// The application's own Redis client, known by the methods it has: neither client is a dependency.
// Scripts are sent by their digest, and whole to a server that has not seen them (NOSCRIPT).

import { OptionError } from '@expectation/core'
import type { Script } from './scripts/scripts.js'

/** `redis` (node-redis) 4 or newer: `createClient()`, `createCluster()`, `createSentinel()`. */
export interface NodeRedisClient {
  evalSha(sha1: string, options: NodeRedisEval): Promise<unknown>
  eval(script: string, options: NodeRedisEval): Promise<unknown>
}

export interface NodeRedisEval {
  keys: string[]
  arguments: string[]
}

/** `ioredis` and `iovalkey`: `new Redis()`, `new Redis.Cluster()`. */
export interface IoRedisClient {
  evalsha(sha1: string, keyCount: number, ...keysAndArguments: string[]): Promise<unknown>
  eval(script: string, keyCount: number, ...keysAndArguments: string[]): Promise<unknown>
}

/**
 * Any other client: runs a Lua script with these keys and arguments and gives its reply. All keys
 * are in one slot of a cluster.
 */
export type EvaluateScript = (
  script: string,
  keys: readonly string[],
  args: readonly string[],
) => unknown

export type RedisClient = NodeRedisClient | IoRedisClient | EvaluateScript

/** Runs a script. Rejects with whatever the client throws or rejects with. */
export type Evaluate = (
  script: Script,
  keys: readonly string[],
  args: readonly string[],
) => Promise<unknown>

/** @throws `OptionError` for what is no client. */
export function evaluateBy(client: RedisClient): Evaluate {
  if (isNodeRedis(client)) {
    return bySha(
      async (sha, keys, args) => client.evalSha(sha, { keys: [...keys], arguments: [...args] }),
      async (source, keys, args) => client.eval(source, { keys: [...keys], arguments: [...args] }),
    )
  }
  if (isIoRedis(client)) {
    return bySha(
      async (sha, keys, args) => client.evalsha(sha, keys.length, ...keys, ...args),
      async (source, keys, args) => client.eval(source, keys.length, ...keys, ...args),
    )
  }
  if (typeof client === 'function') {
    return async ({ source }, keys, args) => client(source, keys, args)
  }
  throw new OptionError({
    option: 'redisStore.client',
    received: client === null || typeof client !== 'object' ? client : Object.keys(client),
    remedy: 'Give a client of redis or ioredis, or a function (script, keys, args).',
  })
}

type Send = (text: string, keys: readonly string[], args: readonly string[]) => Promise<unknown>

function bySha(bySha: Send, whole: Send): Evaluate {
  return async ({ sha, source }, keys, args) => {
    try {
      return await bySha(sha, keys, args)
    } catch (error) {
      if (!isUnseen(error)) throw error
      return whole(source, keys, args)
    }
  }
}

function isUnseen(error: unknown): boolean {
  return error instanceof Error && error.message.includes('NOSCRIPT')
}

function isNodeRedis(client: RedisClient): client is NodeRedisClient {
  return hasMethod(client, 'evalSha') && hasMethod(client, 'eval')
}

function isIoRedis(client: RedisClient): client is IoRedisClient {
  return hasMethod(client, 'evalsha') && hasMethod(client, 'eval')
}

function hasMethod(client: unknown, name: string): boolean {
  return (
    ((typeof client === 'object' && client !== null) || typeof client === 'function') &&
    typeof Reflect.get(client, name) === 'function'
  )
}
