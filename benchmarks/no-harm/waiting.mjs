// Requests behind one that is not answered yet: how much memory they take, and how long another client
// waits while they are sent and while they are released. Plain Node stops reading; so must we.

import http from 'node:http'
import net from 'node:net'
import { setTimeout as wait } from 'node:timers/promises'
import { serve } from './child.mjs'

const OPEN = 'POST /open HTTP/1.1\r\nHost: x\r\nContent-Length: 2\r\n\r\nhi'
const NEXT = 'GET /ok HTTP/1.1\r\nHost: x\r\n\r\n'
const AT_ONCE = 2_000
const EVERY_MS = 10
const SETTLED_MS = 1_500
const BOUND_MS = 120_000

/** Another client, on a connection of its own: the longest wait for one of its GETs. */
function neighbour(port) {
  const agent = new http.Agent({ keepAlive: true, maxSockets: 1 })
  let longest = 0
  let running = true
  const get = () =>
    new Promise((resolve, reject) => {
      const start = performance.now()
      http
        .get({ port, host: '127.0.0.1', path: '/ok', agent }, (response) => {
          response.resume().once('end', () => {
            longest = Math.max(longest, performance.now() - start)
            resolve()
          })
        })
        .once('error', reject)
    })
  const done = (async () => {
    while (running) {
      await get()
      await wait(EVERY_MS)
    }
    agent.destroy()
  })()
  return {
    async stop() {
      running = false
      await done
      return longest
    },
  }
}

/** Counts answers by the bodies' framing alone: each has one status line. */
function countAnswers(socket) {
  let rest = ''
  let count = 0
  socket.on('data', (chunk) => {
    const text = rest + chunk.toString('latin1')
    count += text.split('HTTP/1.1 200').length - 1
    rest = text.slice(-11)
  })
  return () => count
}

async function write(socket, requests, gone) {
  for (let sent = 0; sent < requests && !gone(); sent += AT_ONCE) {
    if (!socket.write(NEXT.repeat(Math.min(AT_ONCE, requests - sent)))) {
      await Promise.race([new Promise((resolve) => socket.once('drain', resolve)), wait(BOUND_MS)])
    }
  }
}

export async function measureWaiting(mode, requests) {
  const server = await serve(mode)
  try {
    const other = neighbour(server.port)
    await wait(300)
    const before = await server.ask('memory')
    const socket = net.connect(server.port, '127.0.0.1')
    let gone = false
    socket.once('close', () => {
      gone = true
    })
    socket.on('error', () => undefined)
    const answers = countAnswers(socket)
    socket.write(OPEN)
    const written = write(socket, requests, () => gone)
    await Promise.race([written, wait(SETTLED_MS)])
    await wait(SETTLED_MS)
    const held = await server.ask('memory')
    const start = performance.now()
    await server.ask('release')
    while (answers() < requests + 1 && !gone && performance.now() - start < BOUND_MS) await wait(20)
    const releasedMs = performance.now() - start
    const longestMs = await other.stop()
    const after = await server.ask('memory')
    socket.destroy()
    return {
      mode,
      answered: answers() - 1,
      heldBytes: held.live - before.live,
      peakBytes: after.peak,
      releasedMs,
      longestMs,
    }
  } finally {
    await server.stop()
  }
}
