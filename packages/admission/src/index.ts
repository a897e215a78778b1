// Public names of `@expectation/admission`; nothing else lives here.

export type { Admission, AdmissionStats, CloseOptions } from './create.js'
export { admission } from './create.js'
export { memoryStore } from './memory-store.js'
export type { AdmissionOptions, TenantOf, UnknownLengthOptions } from './options.js'
export type { AdmissionStore, OnStoreFailure } from './store.js'
