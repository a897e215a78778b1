// Attaches servers by itself, so that `app.use(expectation())` and `app.listen()` are enough. Laws:
// - a server is looked at when its first request starts, which is before Node answers an expectation
//   (`http.server.request.start` is published first; a listener added there is in time)
// - while some gate is mounted where nothing shows it (behind a wrapper of tracing, in a closure), each
//   server is taken to hold it; when the last such gate has been reached, servers that it was not
//   reached on are let go, once nothing is under way there that may yet reach it
// - a server whose application mounts no gate, while none is unaccounted for, is left as Node leaves it

import type { Policy } from '../../policy/policy.js'
import type { AttachableServer } from '../exchange/server-context.js'
import { gatesIn } from './application-walk.js'
import { AttachedServer, type OwnListener } from './attached-server.js'
import { lookFor } from './request-starts.js'

/** Gates made and not yet collected. */
const gateRefs = new Set<WeakRef<object>>()
/** How many there may be until those that were collected are looked for: gates may be made for each request. */
let mostGates = 16

const policies = new WeakMap<object, Policy>()
const gatesByPolicy = new WeakMap<Policy, object>()

/** Gates that were found in some application, or reached by a request. */
const placed = new WeakSet<object>()

/** Applications by the `request` listener that hides them, such as Koa's callback. */
const applications = new WeakMap<object, object>()
const announced = new WeakSet<object>()
const applicationRefs = new Set<WeakRef<object>>()

/** Servers that were attached for a gate that is mounted nowhere to be seen. */
const presumed = new Set<WeakRef<AttachedServer>>()

/** Tells the library of a gate; from now on the servers that mount it are found. */
export function announceGate(gate: object, policy: Policy): void {
  policies.set(gate, policy)
  gatesByPolicy.set(policy, gate)
  gateRefs.add(new WeakRef(gate))
  if (gateRefs.size > mostGates) mostGates = 16 + 2 * liveGates().size
  lookFor(gate, look)
}

/** Tells the library which application a `request` listener runs, where the listener hides it. */
export function announceApplication(listener: object, application: object): void {
  applications.set(listener, application)
  if (announced.has(application)) return
  announced.add(application)
  applicationRefs.add(new WeakRef(application))
}

/**
 * Ties a server to the gates that its application mounts.
 *
 * @param ownListener - Tells the framework's own `clientError` listener from one of the application.
 */
export function attachMounted(
  server: AttachableServer,
  gates: Iterable<object>,
  ownListener?: OwnListener,
): void {
  const attached = AttachedServer.of(server)
  if (ownListener !== undefined) attached.frameworkListens(ownListener)
  for (const gate of gates) {
    const policy = policies.get(gate)
    if (policy !== undefined) attached.mounts(policy)
  }
}

/** A request has reached a gate on a server where it was not known to be mounted, or on none. */
export function gateReached(policy: Policy, server: AttachedServer | undefined): void {
  if (server !== undefined) server.isKept = true
  const gate = gatesByPolicy.get(policy)
  if (gate === undefined) return
  server?.mounts(policy)
  if (placed.has(gate)) return
  placed.add(gate)
  letGoOfPresumed()
}

/** Once it is known where all gates are, servers that none was reached on are as without the library. */
function letGoOfPresumed(): void {
  if (presumed.size === 0 || someGateIsNowhere(liveGates())) return
  for (const reference of presumed) reference.deref()?.letGo()
  presumed.clear()
}

function look(server: AttachableServer): void {
  const gates = liveGates()
  const mounted = mountedOn(server, gates)
  if (mounted.size > 0) {
    attachMounted(server, mounted)
    letGoOfPresumed()
  } else if (isOfThisRealm(server) && someGateIsNowhere(gates)) {
    presumed.add(new WeakRef(AttachedServer.of(server)))
  }
}

/** Jest runs each test file in a realm of its own: gates of one are mounted on no server of another. */
function isOfThisRealm(server: AttachableServer): boolean {
  return server.listeners('request').some((listener) => listener instanceof Function)
}

/** The gates that a server's application shows. */
function mountedOn(server: AttachableServer, gates: ReadonlySet<object>): ReadonlySet<object> {
  const seen = new Set<object>()
  for (const listener of server.listeners('request')) {
    for (const gate of gatesIn(applications.get(listener) ?? listener, gates)) seen.add(gate)
  }
  for (const gate of seen) placed.add(gate)
  return seen
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

/** Whether a gate is in no application that is known, and no request has reached it yet. */
function someGateIsNowhere(gates: ReadonlySet<object>): boolean {
  for (const reference of applicationRefs) {
    const application = reference.deref()
    if (application === undefined) applicationRefs.delete(reference)
    else for (const gate of gatesIn(application, gates)) placed.add(gate)
  }
  return [...gates].some((gate) => !placed.has(gate))
}
