// Public names of `@expectation/admission`; nothing else lives here.

export type { Adaptive, AdaptiveOptions } from './checks/adaptive.js'
export { adaptive } from './checks/adaptive.js'
export type { DiskSpaceOptions } from './checks/disk-space.js'
export { diskSpace } from './checks/disk-space.js'
export type { MemoryOptions } from './checks/memory.js'
export { memory } from './checks/memory.js'
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
