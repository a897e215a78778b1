// Instructions that a server spends on one request, outside the kernel: the median of several windows of
// equally many requests, since a full collection, or V8 compiling anew, falls into one window or another.

import { once } from 'node:events'
import { startChild, stopChild } from '../children.mjs'
import { requestsFor } from '../load/requests.mjs'
import { protocolOf } from '../servers/catalogue.mjs'
import { CountedServer } from './callgrind.mjs'
import { collectorIn, functionsIn } from './functions.mjs'

/** V8 compiles anew until then. */
const WARM_REQUESTS = 25_000
const WINDOWS = 3
const WINDOW_REQUESTS = 2000
const LANES = 24
const LARGE_BYTES = 1024 * 1024
const POLL_MS = 20
const MOST_FUNCTIONS = 100

const pause = (ms) => new Promise((resolve) => setTimeout(resolve, ms))

/**
 * @returns `{ server, name, each, lowest, highest, collector, rest, functions }`, instructions for each request.
 *   `collector`: V8's part, the mean of all windows, since a full collection falls into one of several. `rest`: the
 *   median of what is left, the steadiest figure of all and not the whole of it.
 */
export async function countInstructions(serverName, name, plan = {}) {
  const { warm = WARM_REQUESTS, windows = WINDOWS, requests = WINDOW_REQUESTS } = plan
  const { functions, flags, ballast, depth } = plan
  const cases = Object.keys(requestsFor({ largeBytes: LARGE_BYTES }))
  if (!cases.includes(name)) {
    throw new RangeError(`There is no case "${name}". Name one of ${cases.join(', ')}.`)
  }
  const server = await CountedServer.start(serverName, { named: functions, flags })
  const generator = startChild('./load/generator.mjs')
  try {
    const order = { port: server.port, name, protocol: protocolOf(serverName), depth }
    const flow = await Flow.start(generator, serverName, order)
    await flow.reaches(warm)
    if (ballast !== undefined) await server.server.ask('ballast', ballast)
    const measured = []
    const collected = []
    let last
    server.count()
    // Counting makes a server slower, and V8 compiles once more for the new pace: that window is not of the usual day.
    await flow.reaches((await flow.completed()) + requests)
    server.take()
    let before = await flow.completed()
    for (let at = 0; at < windows; at += 1) {
      await flow.reaches(before + requests)
      const after = await flow.completed()
      const taken = server.take()
      measured.push(taken.instructions / (after - before))
      collected.push(collectorIn(taken.file) / (after - before))
      last = { ...taken, requests: after - before }
      before = after
    }
    await flow.stop()
    const rest = sorted(measured.map((each, at) => each - collected[at]))[windows >> 1]
    sorted(measured)
    return {
      server: serverName,
      name,
      each: measured[windows >> 1],
      lowest: measured[0],
      highest: measured[windows - 1],
      collector: collected.reduce((sum, each) => sum + each, 0) / windows,
      rest,
      functions: functions ? topFunctions(last) : [],
    }
  } finally {
    await Promise.all([server.stop(), stopChild(generator)])
  }
}

function sorted(numbers) {
  return numbers.sort((one, other) => one - other)
}

function topFunctions({ file, pid, requests }) {
  return functionsIn(file, pid)
    .slice(0, MOST_FUNCTIONS)
    .map(({ instructions, where }) => ({ instructions: instructions / requests, where }))
}

/** Requests that flow until they are told to stop. */
class Flow {
  static async start(child, serverName, order) {
    const flow = new Flow(child, `${serverName}, ${order.name}`)
    const measuring = flow.#message('measuring')
    child.send({ ...order, lanes: LANES, settleMs: 30, largeBytes: LARGE_BYTES })
    await measuring
    return flow
  }

  constructor(child, subject) {
    this.child = child
    this.subject = subject
    this.gone = once(child, 'exit').then(() => {
      throw new Error('The load generator has ended before it was told to.')
    })
    this.gone.catch(() => undefined)
  }

  async completed() {
    return (await this.#told('completed', 'completed')).completed
  }

  async reaches(count) {
    while ((await this.completed()) < count) await pause(POLL_MS)
  }

  stop() {
    return this.#told('stop', 'report')
  }

  /** Of answers so far. A server that gives wrong ones only would be waited for without an end. */
  async #told(question, kind) {
    const answer = this.#message(kind)
    this.child.send({ kind: question })
    const told = await answer
    if (told.unexpected > 0) {
      throw new Error(`${this.subject}: answered wrongly ${told.unexpected} times.`)
    }
    return told
  }

  async #message(kind) {
    for (;;) {
      const [message] = await Promise.race([once(this.child, 'message'), this.gone])
      if (message.kind === kind) return message
    }
  }
}
