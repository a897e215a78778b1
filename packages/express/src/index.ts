// Public names of `@expectation/express`; nothing else lives here. What `require` gives is made of them
// in ../index.js.

export type { Outcome, RequestHead } from '@expectation/core'
export { Refusal } from '@expectation/core'
export { attach, detach } from '@expectation/core/node'
export { type ErrorMiddleware, errorHandler } from './error-handler.js'
export { expectation, expectation as default, type Middleware, type Next } from './gate.js'
export type {
  Check,
  CheckContext,
  ErrorHandlerOptions,
  ExpectationOptions,
  ExpressRequest,
} from './types.js'
