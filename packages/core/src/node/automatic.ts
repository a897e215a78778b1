// Attaches servers by itself, so that `app.use(expectation())` and `app.listen()` are enough. Laws:
// - a server is looked at when its first request starts, which is before Node answers an expectation
//   (`http.server.request.start` is published first; a listener added there is in time)
// - a server whose application mounts no gate is left as Node leaves it

import { subscribe } from 'node:diagnostics_channel'
import { Attachment } from './attachment.js'
import type { AttachableServer } from './attachment-types.js'
import { gatesIn } from './mounted.js'

/** Gates made and not yet collected. */
const gateRefs = new Set<WeakRef<object>>()

/** Gates that were found in some application. */
const placed = new WeakSet<object>()

/** Applications by the `request` listener that hides them, such as Koa's callback. */
const applications = new WeakMap<object, object>()
const applicationRefs = new Set<WeakRef<object>>()

/** Servers that mounted no gate, with the number of gates there were when they were looked at. */
const plain = new WeakMap<AttachableServer, number>()
let gatesMade = 0

/** Tells the library of a gate; from now on the servers that mount it are found. */
export function announceGate(gate: object): void {
  gateRefs.add(new WeakRef(gate))
  gatesMade += 1
  if (gatesMade === 1) subscribe('http.server.request.start', look)
}

/** Tells the library which application a `request` listener runs, where the listener hides it. */
export function announceApplication(listener: object, application: object): void {
  applications.set(listener, application)
  applicationRefs.add(new WeakRef(application))
}

function look(message: unknown): void {
  const { server } = message as { readonly server: AttachableServer }
  if (plain.get(server) === gatesMade || Attachment.find(server) !== undefined) return
  if (mountsGate(server)) new Attachment(server, undefined)
  else plain.set(server, gatesMade)
}

function mountsGate(server: AttachableServer): boolean {
  const gates = liveGates()
  let hidden = false
  for (const listener of server.listeners('request')) {
    const application = applications.get(listener)
    const found = gatesIn(application ?? listener, gates)
    for (const gate of found.gates) placed.add(gate)
    if (found.gates.size > 0) return true
    hidden ||= found.hidden || application !== undefined
  }
  return hidden && someGateIsNowhere(gates)
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
