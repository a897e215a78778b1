import type { FastifyPluginAsync } from 'fastify'
import {
  attach,
  type Check,
  type CheckContext,
  detach,
  type ErrorHandlerOptions,
  type ExpectationOptions,
  type ExpectationPluginOptions,
  errorHandler,
  expectation,
  type Outcome,
  Refusal,
  type RequestHead,
} from './dist/index.js'

type Plugin = FastifyPluginAsync<ExpectationPluginOptions>

declare function gate(...args: Parameters<Plugin>): ReturnType<Plugin>

declare namespace gate {
  export {
    attach,
    Check,
    CheckContext,
    detach,
    ErrorHandlerOptions,
    ExpectationOptions,
    ExpectationPluginOptions,
    errorHandler,
    expectation,
    expectation as default,
    Outcome,
    Refusal,
    RequestHead,
  }
}

export = gate
