// Handlers that copy the request into a stream of their own and hand its errors on, each in another
// way: an error that the request emits after a whole answer reaches somebody who cannot take it.
import type { IncomingMessage } from 'node:http'
import { PassThrough, pipeline, Readable, Writable } from 'node:stream'
import { setTimeout as wait } from 'node:timers/promises'
import type { Scenes } from '../support/scene.js'
import { copyWays } from './copy-ways.js'

type Copying = (request: IncomingMessage) => void

const unbounded = (): Readable => new Readable({ read: () => undefined })

function copied(request: IncomingMessage, copy: Readable): Readable {
  request.on('data', (part: Buffer) => copy.push(part))
  request.on('end', () => copy.push(null))
  return copy
}

const waysToCopy: Readonly<Record<(typeof copyWays)[number], Copying>> = {
  // The AWS SDK, for `PutObject({ Body: request })` with its default checksums.
  'copy.destroy(error)': (request) => {
    const copy = copied(request, unbounded())
    request.on('error', (error) => copy.destroy(error))
  },
  "copy.emit('error', error)": (request) => {
    const copy = copied(request, unbounded())
    request.on('error', (error) => copy.emit('error', error))
  },
  'a listener that throws': (request) => {
    copied(request, unbounded())
    request.on('error', (error) => {
      throw error
    })
  },
  'a promise that nobody awaits': (request) => {
    void new Promise((resolve, reject) => {
      copied(request, unbounded()).on('end', resolve)
      request.on('error', reject)
    })
  },
  'pipe into a stream that is destroyed with it': (request) => {
    const copy = request.pipe(new PassThrough({ highWaterMark: 1e8 }))
    request.on('error', (error) => copy.destroy(error))
  },
  'pipe into a slow sink': (request) => {
    const sink = request.pipe(new Writable({ write: (_part, _as, done) => setTimeout(done, 5) }))
    request.on('error', (error) => sink.destroy(error))
  },
  "'aborted' handed on as an error": (request) => {
    const copy = copied(request, unbounded())
    request.on('aborted', () => copy.destroy(new Error('aborted')))
    request.on('error', () => copy.destroy(new Error('failed')))
  },
  'pipeline with a callback': (request) => {
    pipeline(request, new PassThrough({ highWaterMark: 1e8 }), () => undefined)
  },
}

export const copies: Scenes = Object.fromEntries(
  copyWays.flatMap((way) =>
    [403, 200].map((status) => [
      `copies, ${status}: ${way}`,
      () => ({
        handle: async ({ request, reply }) => {
          waysToCopy[way](request)
          await wait(20)
          reply(status, '{}')
        },
      }),
    ]),
  ) satisfies [string, Scenes[string]][],
)
