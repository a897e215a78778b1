// The application's own Redis client, known by the methods it has: neither client is a dependency.
// The script is sent by its digest, and whole to a server that has not seen it (NOSCRIPT).

import { OptionError } from '@expectation/core'
import { type Command, DIGEST, SCRIPT } from './scripts/scripts.js'

/**
 * `redis` (node-redis) 4 or newer: `createClient()`; `createCluster()` and `createSentinel()` of 5 or
 * newer. The cluster client of 4 sends scripts to any node: give {@link EvaluateScript} there, by its
 * `sendCommand(keys[0], false, ['EVAL', script, String(keys.length), ...keys, ...args])`.
 */
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
 * are in one slot of a cluster, and the script is always the same text.
 */
export type EvaluateScript = (
  script: string,
  keys: readonly string[],
  args: readonly string[],
) => unknown

export type RedisClient = NodeRedisClient | IoRedisClient | EvaluateScript

/** Runs a command of the script. Rejects with whatever the client throws or rejects with. */
export type Evaluate = (
  command: Command,
  keys: readonly string[],
  args: readonly string[],
) => Promise<unknown>

/** @throws `OptionError` for what is no client, or gives its replies otherwise than by promises. */
export function evaluateBy(client: RedisClient): Evaluate {
  if (isQueue(client)) {
    throw new OptionError({
      option: 'redisStore.client',
      received: 'what multi() or pipeline() gives',
      remedy: 'Give the client itself: commands that wait for exec() are not answered one by one.',
    })
  }
  if (isLegacy(client)) {
    throw new OptionError({
      option: 'redisStore.client',
      received: 'a client in legacy mode',
      remedy:
        'Give client.v4, or the client that legacy() was called on: their methods give promises.',
    })
  }
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
    return async (command, keys, args) => client(SCRIPT, keys, [...args, command])
  }
  throw new OptionError({
    option: 'redisStore.client',
    received: client === null || typeof client !== 'object' ? client : Object.keys(client),
    remedy: 'Give a client of redis or ioredis, or a function (script, keys, args).',
  })
}

type Send = (text: string, keys: readonly string[], args: readonly string[]) => Promise<unknown>

function bySha(bySha: Send, whole: Send): Evaluate {
  return async (command, keys, args) => {
    const all = [...args, command]
    try {
      return await bySha(DIGEST, keys, all)
    } catch (error) {
      if (!isUnseen(error)) throw error
      return whole(SCRIPT, keys, all)
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

/** A transaction of node-redis, a pipeline or a transaction of ioredis. */
function isQueue(client: unknown): boolean {
  const ioRedis = hasMethod(client, 'evalsha') && read(client, 'isPipeline') === true
  return ioRedis || (hasMethod(client, 'evalSha') && hasMethod(client, 'exec'))
}

/** `createClient({ legacyMode: true })` of node-redis 4, and `client.legacy()` since: by callbacks. */
function isLegacy(client: unknown): boolean {
  if (!hasMethod(client, 'evalSha')) return false
  const inLegacyMode = read(read(client, 'options'), 'legacyMode') === true
  return inLegacyMode || read(read(client, 'constructor'), 'name') === 'RedisLegacyClient'
}

function hasMethod(client: unknown, name: string): boolean {
  return typeof read(client, name) === 'function'
}

function read(of: unknown, name: string): unknown {
  const isObject = (typeof of === 'object' && of !== null) || typeof of === 'function'
  return isObject ? Reflect.get(of, name) : undefined
}
