// Public names of `@expectation/koa`; nothing else lives here.

export type { Check, ErrorHandlerOptions, ExpectationOptions, Outcome } from '@expectation/core'
export { Refusal } from '@expectation/core'
export { errorHandler } from './error-handler.js'
export { expectation } from './gate.js'
