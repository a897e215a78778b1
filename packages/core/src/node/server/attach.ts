// `attach(server)`: the explicit way. With options it is the gate of a bare server.

import { OptionError } from '../policy/option-error.js'
import type { ExpectationOptions } from '../policy/options.js'
import { describeError } from '../refusal/error-facts.js'
import type { BareGate } from './admission.js'
import { advertiseLimits, writeError } from './answer.js'
import { Attachment } from './attachment.js'
import type { AttachableServer, RequestListener } from './attachment-types.js'
import { createGate, type Gate } from './gate.js'

/**
 * Ties the library to a server, so that it runs before Node answers an expectation.
 *
 * Without options it only wires the server, and the gate that the framework mounts decides. With
 * options it is the gate itself: it answers refusals, and your `request` listeners see only what
 * passes. Attaching twice is the same as once; the options given last count.
 *
 * @throws OptionError - `server` is not a server, or an option is wrong.
 */
export function attach<Server extends AttachableServer>(
  server: Server,
  options?: ExpectationOptions,
): Server {
  if (typeof server?.on !== 'function' || typeof server.emit !== 'function') {
    throw new OptionError({
      option: 'server',
      received: server,
      remedy: 'Pass a server of node:http, node:https or node:http2.',
    })
  }
  const gate = options === undefined ? undefined : createGate(options)
  const attachment = Attachment.of(server)
  if (gate !== undefined) {
    attachment.gate = bareGate(gate)
    attachment.heed(gate.policy)
    // The gate is not asked about a request that has neither content nor an expectation.
    if (gate.policy.advertiseLimits) server.prependListener('request', tellLimits(gate))
  }
  return server
}

function tellLimits({ policy }: Gate): RequestListener {
  return (request, response) => {
    if (request.method === 'OPTIONS') advertiseLimits(response, policy)
  }
}

/** Undoes `attach`; exchanges that are open are still brought to their end. */
export function detach(server: AttachableServer): void {
  Attachment.find(server)?.detach()
}

function bareGate(gate: Gate): BareGate {
  return {
    judge: ({ request, response }) => gate.judge(request, response, request),
    answer({ response, head, failure }) {
      const facts = describeError(failure)
      if (facts.status >= 500) console.error(failure)
      writeError(response, head, facts, gate.policy.format)
    },
  }
}
