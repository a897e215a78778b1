// Attaches servers by itself, so that `app.use(expectation())` and `app.listen()` are enough. Laws:
// - a server is looked at when its first request starts, which is before Node answers an expectation
//   (`http.server.request.start` is published first; a listener added there is in time)
// - a server whose application mounts no gate is left as Node leaves it

import type { Policy } from '../policy/policy.js'
import { Attachment } from './attachment.js'
import type { AttachableServer } from './attachment-types.js'
import { gatesIn } from './mounted.js'
import { lookFor } from './starts.js'

/** Gates made and not yet collected. */
const gateRefs = new Set<WeakRef<object>>()

const policies = new WeakMap<object, Policy>()

/** Gates that were found in some application. */
const placed = new WeakSet<object>()

/** Applications by the `request` listener that hides them, such as Koa's callback. */
const applications = new WeakMap<object, object>()
const applicationRefs = new Set<WeakRef<object>>()

/** Tells the library of a gate; from now on the servers that mount it are found. */
export function announceGate(gate: object, policy: Policy): void {
  policies.set(gate, policy)
  gateRefs.add(new WeakRef(gate))
  lookFor(gate, look)
}

/** Tells the library which application a `request` listener runs, where the listener hides it. */
export function announceApplication(listener: object, application: object): void {
  applications.set(listener, application)
  applicationRefs.add(new WeakRef(application))
}

function look(server: AttachableServer): void {
  const mounted = mountedOn(server)
  if (mounted !== undefined) attachMounted(server, mounted)
}

/** Ties a server to the gates that its application mounts. */
export function attachMounted(server: AttachableServer, gates: Iterable<object>): void {
  const attachment = Attachment.of(server)
  for (const gate of gates) attachment.heed(policies.get(gate))
}

/** The gates that a server's application shows; `undefined` when it has none. */
function mountedOn(server: AttachableServer): Iterable<object> | undefined {
  const gates = liveGates()
  const seen = new Set<object>()
  let hidden = false
  for (const listener of server.listeners('request')) {
    const application = applications.get(listener)
    const found = gatesIn(application ?? listener, gates)
    for (const gate of found.gates) seen.add(gate)
    hidden ||= found.hidden || application !== undefined
  }
  for (const gate of seen) placed.add(gate)
  return seen.size > 0 || (hidden && someGateIsNowhere(gates)) ? seen : undefined
}

function liveGates(): ReadonlySet<object> {
  const gates = new Set<object>()
  for (const reference of gateRefs) {
    const gate = reference.deref()
    if (gate === undefined) gateRefs.delete(reference)
    else gates.add(gate)
  }
  return gates
}

/**
 * Some mounts hide what they hold: Express's sub-applications, koa-mount, koa-compose. Such an
 * application is taken to hold a gate while there is one that no known application shows.
 */
function someGateIsNowhere(gates: ReadonlySet<object>): boolean {
  for (const reference of applicationRefs) {
    const application = reference.deref()
    if (application === undefined) applicationRefs.delete(reference)
    else for (const gate of gatesIn(application, gates).gates) placed.add(gate)
  }
  return [...gates].some((gate) => !placed.has(gate))
}
