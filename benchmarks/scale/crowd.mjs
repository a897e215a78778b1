// Many clients in one child: all connect, all send at once when told to, some keep on sending.

import { once } from 'node:events'
import net from 'node:net'
import { fileURLToPath } from 'node:url'
import { startChild, stopChild } from '../children.mjs'
import { requestsFor } from '../load/requests.mjs'

const AT_ONCE = 256
const DRIP = Buffer.alloc(16 * 1024, 'd')
const DRIP_EVERY_MS = 250

/** The parent's view of a crowd. */
export class Crowd {
  static async open(port, count) {
    const crowd = new Crowd(startChild('./scale/crowd.mjs', ['run']))
    crowd.connected = await crowd.tell('open', { port, count })
    return crowd
  }

  constructor(child) {
    this.child = child
  }

  /** Resolves with what the crowd answers to it; one order at a time. */
  async tell(order, details = {}) {
    const answered = once(this.child, 'message')
    this.child.send({ order, ...details })
    return (await answered)[0]
  }

  leave() {
    return stopChild(this.child)
  }
}

const sockets = []
const seen = { answered: 0, closed: 0, stays: false }

function watch(socket) {
  let answered = false
  socket.on('data', (chunk) => {
    if (answered || chunk.latin1Slice(9, 10) === '1') return
    answered = true
    seen.answered += 1
  })
  socket.on('end', () => {
    if (!seen.stays) socket.end()
  })
  socket.on('error', () => undefined)
  socket.on('close', () => {
    seen.closed += 1
  })
}

async function connect(port, index) {
  const localAddress = `127.0.${2 + (index >> 7)}.${1 + (index & 127)}`
  const socket = net.connect({ host: '127.0.0.1', port, localAddress, allowHalfOpen: true })
  watch(socket)
  sockets.push(socket)
  await once(socket, 'connect').catch(() => undefined)
}

const orders = {
  async open({ port, count }) {
    for (let from = 0; from < count; from += AT_ONCE) {
      const batch = Math.min(AT_ONCE, count - from)
      await Promise.all(Array.from({ length: batch }, (_, at) => connect(port, from + at)))
    }
    return sockets.filter((socket) => !socket.destroyed).length
  },
  /** `stays`: never closes its side, and with `keepOn` goes on sending. `contentBytes` go with the head. */
  send({ name, keepOn = false, stays = keepOn, contentBytes = 0 }) {
    seen.stays = stays
    const { head } = requestsFor({ largeBytes: 0 })[name]
    const sent = Buffer.concat([head, Buffer.alloc(contentBytes, 'c')])
    for (const socket of sockets) socket.write(sent)
    if (keepOn) setInterval(drip, DRIP_EVERY_MS)
    return sockets.length
  },
  seen: () => ({ answered: seen.answered, closed: seen.closed }),
}

function drip() {
  for (const socket of sockets) {
    if (socket.writable && socket.writableLength === 0) socket.write(DRIP)
  }
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  process.on('message', async ({ order, ...details }) => {
    process.send(await orders[order](details))
  })
  process.on('disconnect', () => process.exit())
}
