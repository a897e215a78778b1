// K4, P2, P4: handlers that never answer, break off, or close their server, and gates whose bounds are
// small enough for a test.
import type { Server } from 'node:http'
import { setImmediate as turn } from 'node:timers/promises'
import type { Scenes, Visit } from '../support/scene.js'
import { breaks } from './ways-to-break.js'

const breaking: Readonly<Record<(typeof breaks)[number], (visit: Visit) => void | Promise<void>>> =
  {
    'request.destroy()': ({ request }) => void request.destroy(),
    'request.destroy() a turn later': async ({ request }) => {
      await turn()
      request.destroy()
    },
    'request.destroy(error)': ({ request }) => void request.destroy(new Error('enough')),
    'request.destroy() while reading': ({ request }) => {
      request.on('data', () => request.destroy())
    },
    'response.destroy()': ({ response }) => void response.destroy(),
    'socket.destroy()': ({ request }) => void request.socket.destroy(),
  }

const noAnswer: Scenes = Object.fromEntries(
  breaks.map((way) => [
    `breaks off by ${way}`,
    () => ({
      handle: (visit) => {
        visit.take()
        return breaking[way](visit)
      },
    }),
  ]) satisfies [string, Scenes[string]][],
)

const closing = (visit: Visit, server: Server | undefined): void => {
  // The channel keeps the process; what is under trial is whether the rest of it does.
  server?.close(() => process.stdout.write('closed\n'))
  visit.note('closing')
}

export const waiting: Scenes = {
  ...noAnswer,
  'destroys, then answers': () => ({
    handle: async (visit) => {
      visit.request.destroy()
      await turn()
      visit.reply(403, 'no')
    },
  }),
  /** A stream of events that goes on until the client leaves. */
  events: ({ note }) => ({
    handle: (visit) => {
      const response = visit.take()
      response.on('close', () => note('gone'))
      visit.request.resume()
      if (visit.path === '/sse') response.writeHead(200, { 'Content-Type': 'text/event-stream' })
      if (visit.path === '/sse') response.write('data: 1\n\n')
      note('opened')
    },
  }),
  /** Answers the POST when the test says so, everything else at once. */
  'answers when told': () => {
    const open: Visit[] = []
    return {
      handle: (visit) => {
        visit.note('came')
        open.push(visit)
      },
      ready: (server) => {
        server.on('trial', () => {
          for (const visit of open.splice(0)) visit.reply(200, 'told')
        })
      },
    }
  },
  'refuses, idle 400 ms': () => ({
    options: { linger: { idleMs: 400, totalMs: 20_000 } },
    handle: (visit) => visit.reply(401, 'no'),
  }),
  'few lingers': () => ({
    options: { maxContentLength: 1000, linger: { maxConcurrent: 5 } },
    handle: (visit) => visit.reply(200, 'read'),
  }),
  'large refusal': () => ({
    options: { linger: { idleMs: 300, totalMs: 600 } },
    handle: (visit) => {
      visit.note('came')
      visit.reply(403, Buffer.alloc(20_000_000, 'x'))
    },
  }),
  'refuses, then closes': () => {
    let server: Server | undefined
    return {
      options: { linger: { idleMs: 1000, totalMs: 2000 } },
      ready: (found) => {
        server = found as unknown as Server
      },
      handle: (visit) => {
        visit.reply(413, 'no')
        setTimeout(() => closing(visit, server), 50)
      },
    }
  },
  'closes, sends a head, reads, ends': () => {
    let server: Server | undefined
    return {
      ready: (found) => {
        server = found as unknown as Server
      },
      handle: (visit) => {
        const response = visit.take()
        closing(visit, server)
        response.writeHead(200)
        response.flushHeaders()
        visit.request.resume()
        visit.request.once('end', () => response.end())
      },
    }
  },
}
