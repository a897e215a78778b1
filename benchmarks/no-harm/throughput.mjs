// Small POSTs, four on their way on each connection, answered after an `await`: rounds of the modes in
// turn, so that the load of the machine falls on all of them; medians, and the server's own CPU time.

import net from 'node:net'
import { setTimeout as wait } from 'node:timers/promises'
import { serve } from './child.mjs'

const POST = 'POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 2\r\n\r\nhi'
const CONNECTIONS = 10
const PIPELINED = 4

/** Keeps `PIPELINED` requests on their way until it is stopped. A connection that ends is made again. */
function lane(port, tally) {
  let socket
  let running = true
  const connect = () => {
    let rest = ''
    socket = net.connect(port, '127.0.0.1').on('error', () => undefined)
    socket.on('data', (chunk) => {
      const text = rest + chunk.toString('latin1')
      const answers = text.split('HTTP/1.1 200').length - 1
      rest = text.slice(-11)
      tally.answers += answers
      if (running && answers > 0) socket.write(POST.repeat(answers))
    })
    socket.once('close', () => {
      tally.lost += running ? 1 : 0
      if (running) connect()
    })
    socket.write(POST.repeat(PIPELINED))
  }
  connect()
  return () => {
    running = false
    socket.destroy()
  }
}

async function round(server, milliseconds) {
  const tally = { answers: 0, lost: 0 }
  const cpu = await server.ask('cpu')
  const start = performance.now()
  const lanes = Array.from({ length: CONNECTIONS }, () => lane(server.port, tally))
  await wait(milliseconds)
  for (const stop of lanes) stop()
  const seconds = (performance.now() - start) / 1000
  const spent = (await server.ask('cpu')) - cpu
  return { rate: tally.answers / seconds, cpu: spent / tally.answers, lost: tally.lost }
}

const median = (values) => values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)]

export async function measureThroughput(modes, { rounds, milliseconds }) {
  const servers = await Promise.all(modes.map(serve))
  const records = new Map(modes.map((mode) => [mode, []]))
  try {
    for (const server of servers) await round(server, milliseconds)
    for (let turn = 0; turn < rounds; turn += 1)
      for (const server of turn % 2 ? servers : servers.toReversed())
        records.get(server.mode).push(await round(server, milliseconds))
    return [...records].map(([mode, all]) => ({
      mode,
      rate: median(all.map((record) => record.rate)),
      cpuUs: median(all.map((record) => record.cpu)),
      lost: all.reduce((sum, record) => sum + record.lost, 0),
    }))
  } finally {
    await Promise.all(servers.map((server) => server.stop()))
  }
}
