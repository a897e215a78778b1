import type { FastifyPluginAsync } from 'fastify'

import names = require('./dist/index.js')

type Plugin = FastifyPluginAsync<names.ExpectationPluginOptions>

declare function plugin(...args: Parameters<Plugin>): ReturnType<Plugin>

declare namespace plugin {
  export const expectation: Plugin
  export { expectation as default }
  export import errorHandler = names.errorHandler
  export import Refusal = names.Refusal
  export type Check = names.Check
  export type ErrorHandlerOptions = names.ErrorHandlerOptions
  export type ExpectationOptions = names.ExpectationOptions
  export type ExpectationPluginOptions = names.ExpectationPluginOptions
  export type Outcome = names.Outcome
}

export = plugin
