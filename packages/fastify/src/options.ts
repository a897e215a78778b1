// Options of the plugins: those of every gate, and what Fastify adds.

import {
  compileErrorPolicy,
  type ErrorHandlerOptions,
  type ErrorPolicy,
  type ExpectationOptions,
  mergeOptions,
  OptionError,
  optionNames,
  rejectUnknownNames,
} from '@expectation/core'
import type { FastifyRequest } from 'fastify'

export interface ExpectationPluginOptions extends ExpectationOptions<FastifyRequest> {
  /**
   * Told every refusal that the plugin answers by itself, before it is written. Default: nobody;
   * `request.log` gets a line for each outcome.
   */
  readonly log?: ErrorHandlerOptions<FastifyRequest>['log']
}

declare module 'fastify' {
  interface FastifyContextConfig {
    /** Options of `@expectation/fastify` for this route; they override the plugin's. */
    expectation?: ExpectationOptions<FastifyRequest>
  }
}

export interface PluginPolicy {
  /** The gate's own options, as a route's are merged over them. */
  readonly gate: ExpectationOptions<FastifyRequest>
  readonly log: ErrorPolicy<FastifyRequest>['log']
}

/** @throws OptionError - an option is wrong; the gate's own are checked when it is made. */
export function readPluginOptions(options: ExpectationPluginOptions): PluginPolicy {
  const { log, ...rest } = withoutRegisterOptions(options)
  rejectUnknownNames('', withoutNormalization(rest), optionNames)
  const policy = compileErrorPolicy<FastifyRequest>(
    log === undefined ? {} : { log },
    () => undefined,
  )
  return { gate: mergeOptions(options), log: policy.log }
}

/** @throws OptionError - a plugin was called, or mounted, where Fastify calls it; or its options are none. */
export function requireRegistered(name: string, fastify: unknown, options: unknown): void {
  if (!(typeof fastify === 'object' && fastify !== null && 'addHook' in fastify)) {
    const remedy = `Register the plugin itself: \`app.register(${name}, { … })\`.`
    throw new OptionError({ option: 'fastify', received: fastify, remedy })
  }
  if (typeof options !== 'object' || options === null) {
    const remedy = 'Give an object of options, or leave it out.'
    throw new OptionError({ option: 'options', received: options, remedy })
  }
}

/** @throws OptionError - options of a route stand beside its `config`, where Fastify tells nobody of them. */
export function requireInConfig(route: object): void {
  if (!('expectation' in route)) return
  const remedy = 'Write it into the config of the route: { config: { expectation: { … } } }.'
  throw new OptionError({ option: 'expectation', received: route.expectation, remedy })
}

/** Options of `register` itself: Fastify hands them on to the plugin. */
const OF_REGISTER: ReadonlySet<string> = new Set(['prefix', 'logLevel', 'logSerializers'])

export function withoutRegisterOptions<Options extends object>(options: Options): Partial<Options> {
  const given: Partial<Options> = {}
  // Those that the options have of others (`Object.create`), too.
  for (const name in options) if (!OF_REGISTER.has(name)) given[name] = options[name]
  return given
}

/** `false` is how it always is now; anything else asks for what another plugin does. */
function withoutNormalization(options: object): object {
  const own = Object.entries(options).filter(([option, received]) => {
    if (option !== 'errorHandler' && option !== 'notFound') return true
    if (received === undefined || received === false) return false
    throw new OptionError({
      code: 'ERR_EXPECTATION_UNKNOWN_OPTION',
      option,
      received,
      remedy: 'Register the errorHandler plugin of @expectation/fastify for that.',
    })
  })
  return Object.fromEntries(own)
}
