// RFC 9113 section 9.1: either side may close an idle connection. README, "Bounds": this one does after five
// seconds, however long its streams took, whatever the server says meanwhile, and whether it takes the end.
import http2 from 'node:http2'
import type net from 'node:net'
import { upload } from '@expectation/client'
import { certificate } from '../support/certificate.js'
import { within } from '../support/server.js'
import { forbidStrayErrors } from '../support/stray-errors.js'
import { framesOrigin } from './http2-frames.js'
import { http2Origin } from './http2-origin.js'

forbidStrayErrors()

/** Longer than a session is kept idle. */
const LONG_MS = 5_500
const PINGS_MS = 1_000
const once = { body: 'a', retry: false } as const

/** When the server has seen the connection end. */
async function sessionEnds({ takesMs, pings }: { takesMs: number; pings: boolean }) {
  const server = http2.createSecureServer(certificate)
  server.on('stream', (stream) => {
    stream.on('error', () => undefined)
    stream.resume()
    setTimeout(() => {
      stream.respond({ ':status': 200 })
      stream.end('ok')
    }, takesMs)
  })
  const ended = new Promise<void>((resolve) => {
    server.on('session', (session) => {
      const timer = setInterval(() => pings && session.ping(() => undefined), PINGS_MS)
      session.once('close', () => {
        clearInterval(timer)
        resolve()
      })
    })
  })
  const { url, agent } = await http2Origin(server)
  expect(await (await upload(url, { agent, ...once })).text()).toBe('ok')
  await ended
}

/** A peer that has gone closes nothing: what reaches its socket later is refused when there is none any more. */
async function socketEnds() {
  const { url, agent, sockets, reach, answer } = await framesOrigin({ staysOpen: true })
  const uploaded = upload(url, { agent, ...once })
  await reach('DATA END_STREAM')
  answer(200, true)
  expect((await uploaded).status).toBe(200)
  const [socket] = sockets as readonly [net.Socket]
  const refused = new Promise((resolve) => socket.once('close', resolve))
  await new Promise((resolve) => socket.once('end', resolve))
  const timer = setInterval(() => socket.write('x'), PINGS_MS)
  await refused
  clearInterval(timer)
}

// At once: they only wait.
test('a session ends five seconds after its last stream, and its socket soon after', async () => {
  const ends = {
    'an answer that took longer': sessionEnds({ takesMs: LONG_MS, pings: false }),
    'a server that sends PING': sessionEnds({ takesMs: 0, pings: true }),
    'a server that does not close': socketEnds(),
  }
  const missing: string[] = []
  const waits = Object.entries(ends).map(([name, end]) =>
    within(name, end, 3 * LONG_MS).catch(() => missing.push(name)),
  )
  await Promise.all(waits)
  expect(missing).toEqual([])
})
