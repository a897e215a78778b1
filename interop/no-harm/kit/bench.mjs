// Plays scenarios against one server, many at a time, and brings together what both sides saw. A
// server that has ended is started anew by whoever plays next.
import { bytesOf } from './bytes.mjs'
import { Server } from './child.mjs'
import { play } from './connection.mjs'
import { readAsNode } from './oracle.mjs'
import { roomOf } from './rooms.mjs'

/** In beats of the server, as all waiting here. */
const QUIET = 15
/** A server closes what its client has left. */
const CLOSED_WITHIN = 20
/** Then it is asked: a connection that was reset before it was accepted has no log. */
const ASKED_AFTER = 5

export class Bench {
  #server
  #starting
  constructor(what) {
    this.what = what
  }

  async #running() {
    if (this.#server === undefined || this.#server.ended) {
      this.#starting ??= Server.start(this.what)
      this.#server = await this.#starting
      this.#starting = undefined
    }
    return this.#server
  }

  /** One connection; `ended` is set when the process went down meanwhile. */
  async play(scenario, { quiet = QUIET } = {}) {
    const server = await this.#running()
    const read = await readAsNode(bytesOf(scenario))
    const rooms = read.requests.map(roomOf)
    const endless = rooms.indexOf('sse')
    const began = server.beats.count
    const seen = await play(scenario, {
      port: server.ports[scenario.door],
      methodOf: (n) => read.requests[n]?.method,
      expected: expectedOf(read, endless),
      endless: endless >= 0,
      quiet,
      beats: server.beats,
    })
    const { log, left } = seen.key === undefined ? {} : await closing(server, seen.key)
    const took = server.beats.count - began
    return { what: this.what, scenario, read, seen, log, left, took, ended: server.ended }
  }

  async memory() {
    return await (await this.#running()).ask('memory')
  }

  async stop() {
    // One that is just starting is no longer wanted either.
    await this.#starting?.catch(() => undefined)
    await this.#server?.stop()
  }
}

/** The log of a connection that the client has closed; `left` when the server had to be told. */
async function closing(server, key) {
  const early = await server.logOf(key, ASKED_AFTER)
  if (early !== undefined || server.ended) return { log: early, left: false }
  const { open } = (await server.ask('open', { key })) ?? {}
  if (!open) return { log: await server.logOf(key, 0), left: false }
  const late = await server.logOf(key, CLOSED_WITHIN)
  if (late !== undefined || server.ended) return { log: late, left: false }
  server.tell('drop', { key })
  return { log: await server.logOf(key, ASKED_AFTER), left: true }
}

function expectedOf({ requests, broken }, endless) {
  if (endless >= 0) return endless + 1
  if (broken !== undefined) return requests.length + 1
  return requests.filter(({ complete }) => complete).length
}

/** Runs `task(n)` for n = from, from + 1, … while it may, `width` at a time. */
export async function flow(width, may, task) {
  let running = 0
  await new Promise((resolve, reject) => {
    const fill = () => {
      while (running < width && may()) {
        running += 1
        task().then(() => {
          running -= 1
          fill()
        }, reject)
      }
      if (running === 0) resolve()
    }
    fill()
  })
}
