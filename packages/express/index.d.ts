import type { IncomingMessage } from 'node:http'
import {
  attach,
  type Check,
  type CheckContext,
  detach,
  type ErrorHandlerOptions,
  type ErrorMiddleware,
  type ExpectationOptions,
  type ExpressRequest,
  errorHandler,
  expectation,
  type Middleware,
  type Next,
  type Outcome,
  Refusal,
  type RequestHead,
} from './dist/index.js'

declare function gate<Request extends IncomingMessage = ExpressRequest>(
  options?: ExpectationOptions<Request>,
): Middleware

declare namespace gate {
  export {
    attach,
    Check,
    CheckContext,
    detach,
    ErrorHandlerOptions,
    ErrorMiddleware,
    ExpectationOptions,
    ExpressRequest,
    errorHandler,
    expectation,
    expectation as default,
    Middleware,
    Next,
    Outcome,
    Refusal,
    RequestHead,
  }
}

export = gate
