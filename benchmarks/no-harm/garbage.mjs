// Clients that ask to go on, get a head that stays open, send what is no HTTP and leave. The server has
// no connection of theirs any more: whoever stops a parser goes on hearing the end of the socket.

import { once } from 'node:events'
import net from 'node:net'
import { setTimeout as wait } from 'node:timers/promises'
import { serve } from './child.mjs'

const ASK = 'GET /events HTTP/1.1\r\nHost: x\r\nExpect: 100-continue\r\n\r\n'
const GARBAGE = '\x00\x01 this is no request\r\n\r\n'
const HEARD_MS = 2_000
const LEAVE_MS = 100
const BOUND_MS = 3_000

async function leaveGarbage(port) {
  const socket = net.connect(port, '127.0.0.1').on('error', () => undefined)
  await once(socket, 'connect')
  socket.write(ASK)
  await Promise.race([once(socket, 'data'), wait(HEARD_MS)])
  socket.write(GARBAGE, 'latin1')
  await wait(LEAVE_MS)
  socket.destroy()
}

export async function measureGarbage(mode, clients) {
  const server = await serve(mode)
  try {
    await Promise.all(Array.from({ length: clients }, () => leaveGarbage(server.port)))
    await wait(BOUND_MS)
    return { mode, clients, left: await server.ask('connections') }
  } finally {
    await server.stop()
  }
}
