// Public names of `@expectation/admission`; nothing else lives here.

export type { Admission, AdmissionStats, CloseOptions } from './create.js'
export { admission } from './create.js'
export { memoryStore } from './memory-store.js'
export type { AdmissionOptions, TenantOf, UnknownLengthOptions } from './options.js'
export type {
  EvaluateScript,
  IoRedisClient,
  NodeRedisClient,
  NodeRedisEval,
  RedisClient,
} from './redis/client.js'
export type { RedisStoreOptions } from './redis/redis-store.js'
export { redisStore } from './redis/redis-store.js'
export type { AdmissionStore, OnStoreFailure } from './store.js'
