// `attach(server)`: the explicit way. With options it is the gate of a bare server.

import type { IncomingMessage, Server } from 'node:http'
import { type AnswerHeaders, readAnswerHeaders } from '../../policy/answer-headers.js'
import { mergeOptions } from '../../policy/merge-options.js'
import type { ExpectationOptions } from '../../policy/options.js'
import { type PathPolicy, readPolicies } from '../../policy/policies.js'
import { optionNames } from '../../policy/policy.js'
import { OptionError } from '../../validation/option-error.js'
import { rejectUnknownNames } from '../../validation/unknown-names.js'
import type { AttachableServer } from '../exchange/server-context.js'
import { faultsOf } from '../observe/user-code.js'
import { AttachedServer } from '../server/attached-server.js'
import { BareGate, type BareGateOptions } from './bare-gate.js'
import { createGate } from './create-gate.js'
import type { Gate } from './gate.js'

/** Options of a bare server's gate: those of every gate, and what stands in for a framework. */
export interface AttachOptions extends ExpectationOptions<IncomingMessage> {
  /**
   * Options for some requests, by path and method, over the server's own; the first that fits holds.
   * Default: the server's own for all.
   */
  policies?: readonly PathPolicy<IncomingMessage>[] | undefined
  /**
   * Fields of each answer that the gate gives, such as CORS fields: without them a page never sees a
   * refusal. What a refusal says itself stands. A function answers at once; if it fails, no fields are
   * sent, and a warning tells so. Default: none.
   */
  headers?: AnswerHeaders | undefined
}

/**
 * Ties the library to a server, so that it runs before Node answers an expectation.
 *
 * Without options it only wires the server, and the gate that the framework mounts decides. With
 * options it is the gate itself: it answers refusals, and your `request` listeners see only what
 * passes. Attaching twice is the same as once; the options given last count. On a server of `node:http2` that has
 * no `request` listener but only one for `stream`, Node makes no request, and nothing is decided.
 *
 * @throws OptionError - `server` is not a server, or an option is wrong.
 */
export function attach<Server extends AttachableServer>(
  server: Server,
  options?: AttachOptions,
): Server {
  if (!isServer(server)) {
    throw new OptionError({
      option: 'server',
      received: server,
      remedy: 'Pass a server of node:http, node:https or node:http2, such as `app.listen()` gives.',
    })
  }
  const deciding = options === undefined ? undefined : readAttachOptions(options)
  const attached = AttachedServer.of(server)
  attached.isKept = true
  if (deciding !== undefined) {
    attached.decideBy(new BareGate(deciding, server, attached.emit))
  }
  return server
}

/** Applications of Express and Koa emit, too, and no request goes through that. */
function isServer(given: Partial<Record<keyof Server, unknown>> | undefined): boolean {
  return [given?.on, given?.emit, given?.close].every((method) => typeof method === 'function')
}

const ATTACH_NAMES = [...optionNames, 'policies', 'headers']

function readAttachOptions(given: AttachOptions): BareGateOptions {
  rejectUnknownNames('', given, ATTACH_NAMES)
  const { policies, headers } = given
  const { options, pick } = readPolicies(policies, mergeOptions(given))
  const [first, ...others] = options.map(gateOf)
  // `readPolicies` gives the server's own options first.
  if (first === undefined) throw new TypeError('A bare server has no gate.')
  const headersOf = readAnswerHeaders('headers', headers, faultsOf('headers', headers))
  return { gates: [first, ...others], pick, headersOf }
}

/** @param place - 0 has the server's own options, each further one those of an entry of `policies`. */
function gateOf(
  options: ExpectationOptions<IncomingMessage>,
  place: number,
): Gate<IncomingMessage> {
  try {
    return createGate<IncomingMessage>(options)
  } catch (error) {
    if (place === 0 || !(error instanceof OptionError)) throw error
    const { code, received, remedy } = error
    const option = `policies[${place - 1}].${error.option}`
    throw new OptionError({ code, option, received, remedy })
  }
}

/** Undoes `attach`; exchanges that are open are still brought to their end. */
export function detach(server: AttachableServer): void {
  AttachedServer.find(server)?.detach()
}
