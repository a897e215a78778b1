import type { Middleware, Request } from 'koa'
import {
  attach,
  type Check,
  type CheckContext,
  detach,
  type ErrorHandlerOptions,
  type ExpectationOptions,
  errorHandler,
  expectation,
  type Outcome,
  Refusal,
  type RequestHead,
} from './dist/index.js'

declare function gate(options?: ExpectationOptions<Request>): Middleware

declare namespace gate {
  export {
    attach,
    Check,
    CheckContext,
    detach,
    ErrorHandlerOptions,
    ExpectationOptions,
    errorHandler,
    expectation,
    expectation as default,
    Outcome,
    Refusal,
    RequestHead,
  }
}

export = gate
