// Many connections at once: what a waiting or lingering exchange keeps in memory, how long the event
// loop is held up by a burst of refusals, and whether a request costs more when there are many.

import { ServerChild, startChild, stopChild } from '../children.mjs'
import { Load } from '../end-to-end/load.mjs'
import { median } from '../end-to-end/statistics.mjs'
import { Crowd } from './crowd.mjs'
import { possible } from './limits.mjs'

const FIRST_REQUESTS = 50
const pause = (ms) => new Promise((resolve) => setTimeout(resolve, ms))
const used = ({ heapUsed, external }) => heapUsed + external

export async function runScale(plan) {
  return {
    held: await heldExchanges(plan),
    bursts: await bursts(plan),
    growth: await growth(plan),
  }
}

/** `contentBytes`: sent with the head, and read by the server's parser before anybody has decided. */
const WITH_HEAD = 16 * 1024
const LINGERING = ['attach', 'express', 'koa', 'fastify', 'node'].map((name) => `${name}:lingering`)
const STATES = [
  { server: 'node:waiting', request: 'expected', contentBytes: 0 },
  { server: 'attach:waiting', request: 'expected', contentBytes: 0 },
  { server: 'attach:lingering', request: 'refusedExpecting', contentBytes: 0 },
  ...LINGERING.map((server) => ({ server, request: 'refusedSending', contentBytes: WITH_HEAD })),
]

async function heldExchanges({ crowds, calmMs, states = STATES.length }) {
  const records = []
  for (const wanted of crowds) {
    for (const { server: name, request, contentBytes } of STATES.slice(0, states)) {
      // The bounds are of one exchange: some hundreds show it, and what came with the head costs much.
      if (contentBytes > 0 && wanted !== crowds[0]) continue
      // Nobody follows its connections: one more listener on each makes Node keep room for sixteen.
      const server = await ServerChild.start(name)
      await compile(server, request, calmMs)
      const crowd = await Crowd.open(server.port, possible(wanted))
      await pause(calmMs)
      const idle = await server.ask('memory')
      await crowd.tell('send', { name: request, stays: true, contentBytes })
      await pause(calmMs)
      const held = await server.ask('memory')
      records.push({
        server: name,
        contentBytes,
        connections: crowd.connected,
        open: await server.ask('open'),
        bytesEach: (used(held) - used(idle)) / crowd.connected,
        rssEach: (held.rss - idle.rss) / crowd.connected,
      })
      await crowd.leave()
      await server.stop()
    }
  }
  return records
}

/** What is compiled on the first requests is kept once, not for each. */
async function compile(server, name, calmMs) {
  const crowd = await Crowd.open(server.port, FIRST_REQUESTS)
  await crowd.tell('send', { name, stays: true })
  await pause(calmMs / 2)
  await crowd.leave()
}

async function bursts({ burst, burstMs, calmMs }) {
  const records = []
  for (const keepOn of [false, true]) {
    for (const name of ['node:hand-written', 'node:hand-written-lingering', 'node:attach']) {
      const server = await ServerChild.start(name)
      await server.ask('follow')
      const crowd = await Crowd.open(server.port, possible(burst))
      await pause(calmMs)
      const before = await server.ask('memory')
      await server.ask('watch')
      await crowd.tell('send', { name: keepOn ? 'refusedSending' : 'refusedExpecting', keepOn })
      await pause(burstMs)
      const { peak, delayP99Ms, delayMaxMs } = await server.ask('watched')
      const seen = await crowd.tell('seen')
      records.push({
        server: name,
        keepOn,
        connections: crowd.connected,
        ...seen,
        delayP99Ms,
        delayMaxMs,
        heapBytes: peak.usedBytes - used(before),
        rssBytes: peak.rss - before.rss,
        receivedBytes: await server.ask('received'),
      })
      await crowd.leave()
      await server.stop()
    }
  }
  return records
}

async function growth({ crowds, growth: { rounds, durationMs, settleMs, warmUp } }) {
  const records = []
  for (const wanted of [100, ...crowds]) {
    const lanes = possible(wanted)
    const names = ['node:hand-written', 'node:attach']
    const servers = await Promise.all(names.map((name) => ServerChild.start(name)))
    const cpuUs = names.map(() => [])
    for (const server of servers) await roundOf(server, { name: 'small', lanes: 24, ...warmUp })
    for (let round = 0; round < rounds; round += 1) {
      for (const [at, server] of servers.entries()) {
        // Every connection has to have had several requests, or opening it is what is measured.
        const longer = 1 + lanes / 10_000
        const order = {
          name: 'small',
          lanes,
          durationMs: durationMs * longer,
          settleMs: settleMs + lanes / 10,
        }
        cpuUs[at].push((await roundOf(server, order)).cpuUs)
      }
    }
    const [base, rival] = cpuUs.map((values) => median(values))
    records.push({ connections: lanes, cpuUs: { base, rival } })
    await Promise.all(servers.map((server) => server.stop()))
  }
  return records
}

/** A generator that has closed thousands of connections is slower than a fresh one. */
async function roundOf(server, order) {
  const child = startChild('./load/generator.mjs')
  const result = await new Load(child).round(server, order)
  await stopChild(child)
  return result
}
