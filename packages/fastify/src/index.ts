// Public names of `@expectation/fastify`; nothing else lives here. What `require` gives is made of
// them in ../index.js.

export type { Check, ErrorHandlerOptions, ExpectationOptions, Outcome } from '@expectation/core'
export { Refusal } from '@expectation/core'
export { errorHandler } from './error-handler.js'
export type { ExpectationPluginOptions } from './options.js'
export { expectation, expectation as default } from './plugin.js'
