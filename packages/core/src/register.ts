// `node --import @expectation/core/register server.js`: the gate for servers that nobody holds, such as
// those of `next start`, Nitro or Astro. Loading this file is enough. Laws:
// - every server of node:http, node:https and node:http2 that listens is attached, and nothing else
// - wrong options end the process at once, with what to write instead, before it takes a request

import http from 'node:http'
import https from 'node:https'
import { createRequire } from 'node:module'
import net from 'node:net'
import path from 'node:path'
import process from 'node:process'
import { attach } from './node.js'
import type { ExpectationOptions } from './policy/options.js'
import { OptionError } from './validation/option-error.js'

/** Names of the environment: options as JSON, or a module or JSON file that exports them. */
const OPTIONS = 'EXPECTATION_OPTIONS'
const CONFIG = 'EXPECTATION_CONFIG'

const REGISTERED = Symbol.for('@expectation/core.register')

type Attachable = Parameters<typeof attach>[0]

register(readOptions())

function register(options: ExpectationOptions): void {
  const prototype: net.Server & { [REGISTERED]?: true } = net.Server.prototype
  // Loaded twice, as by --import and NODE_OPTIONS, or as two copies.
  if (prototype[REGISTERED]) return
  prototype[REGISTERED] = true
  // Checked here too, so that a server never starts with wrong ones.
  attach(http.createServer(), options)
  const { listen } = prototype
  prototype.listen = function listenAttached(this: net.Server, ...given: unknown[]) {
    if (speaksHttp(this)) attach(this, options)
    return Reflect.apply(listen, this, given)
  } as typeof listen
}

function speaksHttp(server: net.Server): server is net.Server & Attachable {
  // Node does not export the classes of node:http2's servers; only they have this method.
  const http2 = 'updateSettings' in server
  return server instanceof http.Server || server instanceof https.Server || http2
}

function readOptions(): ExpectationOptions {
  const { [OPTIONS]: text, [CONFIG]: file } = process.env
  if (text !== undefined && file !== undefined) {
    throw fault(CONFIG, file, `Set ${CONFIG} or ${OPTIONS}, not both.`)
  }
  return file === undefined ? parsed(text ?? '{}') : loaded(file)
}

function parsed(text: string): ExpectationOptions {
  try {
    const options: ExpectationOptions = JSON.parse(text)
    return options
  } catch {
    throw fault(OPTIONS, text, 'Give options as JSON, such as {"maxContentLength":"100mb"}.')
  }
}

/** Synchronously, so that it is there before the first server: CommonJS and JSON; Node 22 loads ESM so too. */
function loaded(file: string): ExpectationOptions {
  const from = createRequire(path.join(process.cwd(), 'package.json'))
  let found: { readonly default?: ExpectationOptions } & ExpectationOptions
  try {
    found = from(path.resolve(file))
  } catch (cause) {
    throw new Error(`${CONFIG} cannot be loaded from ${path.resolve(file)}.`, { cause })
  }
  return found?.default ?? found
}

function fault(option: string, received: unknown, remedy: string): OptionError {
  return new OptionError({ option, received, remedy })
}
