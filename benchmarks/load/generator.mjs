// The load generator: a child that runs one round when it is told to, and reports what came back.

import { once } from 'node:events'
import { Lane } from './lane.mjs'
import { PipelineLane } from './pipeline-lane.mjs'
import { requestsFor } from './requests.mjs'
import { openStreamLanes } from './stream-lane.mjs'

class Tally {
  completed = 0
  unexpected = 0
  answersLost = 0
  sentBytes = 0
  errors = {}
  #lanesOpen
  #allEnded

  constructor(status, lanes, allEnded) {
    this.status = status
    this.#lanesOpen = lanes
    this.#allEnded = allEnded
  }

  answered(status) {
    if (status === this.status) this.completed += 1
    else this.unexpected += 1
  }

  lost() {
    this.answersLost += 1
  }

  failed(code) {
    this.errors[code] = (this.errors[code] ?? 0) + 1
  }

  laneEnded() {
    this.#lanesOpen -= 1
    if (this.#lanesOpen === 0) this.#allEnded()
  }
}

/**
 * Stays awake for as long as a round lasts. To wake a sleeping client costs the server that wakes it
 * as much as half a small request, and the client of the slower server sleeps more often: without
 * this, a server that is somewhat slower looks much slower.
 */
function stayAwake() {
  let next = setImmediate(spin)
  function spin() {
    next = setImmediate(spin)
  }
  return () => clearImmediate(next)
}

const pause = (ms) => new Promise((resolve) => setTimeout(resolve, ms))

/** Answers so far, for those who ask before a round is over. */
let current

/**
 * `settleMs` is not measured: connections open and every lane finds its pace. Without `durationMs` the
 * round lasts until somebody says `stop`.
 */
async function round(order) {
  const { port, name, lanes, durationMs, settleMs, largeBytes, protocol, depth } = order
  const request = requestsFor({ largeBytes })[name]
  let allEnded
  const ended = new Promise((resolve) => {
    allEnded = resolve
  })
  const tally = new Tally(request.status, lanes, allEnded)
  current = tally
  // Who counts instructions does not ask how long anything takes.
  const sleepAgain = durationMs === undefined ? () => {} : stayAwake()
  const open = await openLanes({ port, lanes, request, tally, protocol, depth })
  await pause(settleMs)
  process.send({ kind: 'measuring' })
  const before = tally.completed
  const sentBefore = tally.sentBytes
  const startedAt = performance.now()
  if (durationMs === undefined) await once(process, 'stop')
  else await pause(durationMs)
  const elapsedMs = performance.now() - startedAt
  const completed = tally.completed - before
  const sentBytes = tally.sentBytes - sentBefore
  process.send({ kind: 'measured' })
  for (const lane of open) lane.stop()
  await Promise.race([ended, pause(5000)])
  sleepAgain()
  const { completed: answered, unexpected, answersLost, errors } = tally
  process.send({
    kind: 'report',
    completed,
    sentBytes,
    elapsedMs,
    answered,
    unexpected,
    answersLost,
    errors,
  })
}

function openLanes({ protocol, depth, ...lanesOf }) {
  const { port, lanes, request, tally } = lanesOf
  if (protocol !== undefined) return openStreamLanes({ ...lanesOf, tls: protocol === 'h2-tls' })
  return Array.from({ length: lanes }, (_, index) => {
    // Own source addresses: closed connections would soon use up the ports of a single one.
    const localAddress = `127.0.${1 + (index >> 7)}.${1 + (index & 127)}`
    const target = { host: '127.0.0.1', port, localAddress }
    return depth === undefined
      ? new Lane(target, request, tally)
      : new PipelineLane(target, request, tally, depth)
  })
}

process.on('message', (order) => {
  if (order.kind === 'stop') process.emit('stop')
  else if (order.kind === 'completed')
    process.send({
      kind: 'completed',
      completed: current.completed,
      unexpected: current.unexpected,
    })
  else round(order)
})
process.on('disconnect', () => process.exit())
