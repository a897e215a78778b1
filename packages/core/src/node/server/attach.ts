// `attach(server)`: the explicit way. With options it is the gate of a bare server.

import { OptionError } from '../../policy/option-error.js'
import type { ExpectationOptions } from '../../policy/options.js'
import { createGate } from '../gate/create-gate.js'
import { AttachedServer } from './attached-server.js'
import type { AttachableServer } from './server-context.js'

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
  const attached = AttachedServer.of(server)
  if (gate !== undefined) attached.decideBy(gate)
  return server
}

/** Undoes `attach`; exchanges that are open are still brought to their end. */
export function detach(server: AttachableServer): void {
  AttachedServer.find(server)?.detach()
}
