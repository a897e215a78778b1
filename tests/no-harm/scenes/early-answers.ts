// K3: handlers that answer, or send the head of an answer, while they read the content.
import { createWriteStream, mkdtempSync, rmSync, statSync } from 'node:fs'
import type { IncomingMessage } from 'node:http'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { PassThrough, pipeline, Readable, Transform, Writable } from 'node:stream'
import { setImmediate as turn } from 'node:timers/promises'
import { createGzip } from 'node:zlib'
import type { Scenes, Visit } from '../support/scene.js'
import { echoes, headsFirst, lateListeners, readers } from './readers-of-content.js'

/** Calls back with the size when all has been read. */
type Read = (request: IncomingMessage, whole: (size: number) => void) => void

function counting(parts: AsyncIterable<unknown>, whole: (size: number) => void): void {
  const count = async (): Promise<void> => {
    let size = 0
    for await (const part of parts) size += (part as Uint8Array).length
    whole(size)
  }
  count().catch(() => whole(-1))
}

const reads: Readonly<Record<(typeof readers)[number], Read>> = {
  'pipe into a file': (request, whole) => {
    const folder = mkdtempSync(path.join(tmpdir(), 'expectation-saved-'))
    const file = path.join(folder, 'saved')
    request.pipe(createWriteStream(file)).once('finish', () => {
      whole(statSync(file).size)
      rmSync(folder, { recursive: true, force: true })
    })
  },
  data: (request, whole) => {
    let size = 0
    request.on('data', (part: Buffer) => {
      size += part.length
    })
    request.on('end', () => whole(size))
  },
  'for await': counting,
  pipeline: (request, whole) => {
    const sink = new PassThrough()
    pipeline(request, sink, () => undefined)
    counting(sink, whole)
  },
  readable: (request, whole) => {
    let size = 0
    request.on('readable', () => {
      for (let part: unknown = request.read(); part !== null; part = request.read()) {
        size += (part as Buffer).length
      }
    })
    request.on('end', () => whole(size))
  },
  'Readable.toWeb': (request, whole) => counting(Readable.toWeb(request), whole),
  'pipe into a slow sink': (request, whole) => {
    let size = 0
    const slow = new Writable({
      write(part: Buffer, _encoding, done) {
        size += part.length
        setTimeout(done, 2)
      },
    })
    request.pipe(slow).once('finish', () => whole(size))
  },
}

const answersFirst: Scenes = Object.fromEntries(
  readers.flatMap((reader) =>
    [200, 202, 401].map((status) => [
      `answers ${status} first, ${reader}`,
      () => ({
        handle: (visit) => {
          reads[reader](visit.request, (size) => visit.note(`whole ${size}`))
          visit.reply(status, 'saved')
        },
      }),
    ]),
  ) satisfies [string, Scenes[string]][],
)

const plainly = (): Transform =>
  new Transform({ transform: (part, _encoding, done) => done(null, part) })

const echoing: Readonly<Record<(typeof echoes)[number], (visit: Visit) => void | Promise<void>>> = {
  'pipe through gzip': ({ request, response }) => void request.pipe(createGzip()).pipe(response),
  pipe: ({ request, response }) => void request.pipe(plainly()).pipe(response),
  'pipeline through gzip': ({ request, response }) =>
    void pipeline(request, createGzip(), response, () => undefined),
  'for await and write': async ({ request, response }) => {
    for await (const part of request) response.write(part)
    response.end()
  },
  'data and write': ({ request, response }) => {
    request.on('data', (part) => response.write(part))
    request.on('end', () => response.end())
  },
}

async function size(visit: Visit): Promise<number> {
  let total = 0
  for await (const part of visit.request) total += (part as Buffer).length
  return total
}

function listens(visit: Visit): void {
  let total = 0
  visit.request.on('data', (part: Buffer) => {
    total += part.length
  })
  visit.request.on('end', () => visit.reply(200, `<${total}>`))
}

const later: Readonly<
  Record<(typeof lateListeners)[number], (visit: Visit) => void | Promise<void>>
> = {
  'resume, a microtask, data': async (visit) => {
    visit.request.resume()
    await Promise.resolve()
    listens(visit)
  },
  'resume, a promise of a function, data': async (visit) => {
    visit.request.resume()
    await (async () => (async () => undefined)())()
    listens(visit)
  },
  'resume, a microtask, for await': async (visit) => {
    visit.request.resume()
    await Promise.resolve()
    visit.reply(200, `<${await size(visit)}>`)
  },
  'resume, setImmediate, data': async (visit) => {
    visit.request.resume()
    await turn()
    listens(visit)
  },
  'resume and end only': (visit) => {
    visit.request.resume().on('end', () => visit.reply(200, '<ended>'))
  },
  'pause, setImmediate, data': async (visit) => {
    visit.request.pause()
    await turn()
    listens(visit)
    visit.request.resume()
  },
}

const sendsHead: Readonly<Record<(typeof headsFirst)[number], (visit: Visit) => void>> = {
  flushHeaders: ({ response }) => response.flushHeaders(),
  'writeHead and flushHeaders': ({ response }) => response.writeHead(200).flushHeaders(),
  'writeHead and write': ({ response }) => {
    response.writeHead(200, { 'Content-Type': 'text/plain' })
    response.write('first ')
  },
  write: ({ response }) => void response.write('first '),
  'status 201 and flushHeaders': ({ response }) => {
    response.statusCode = 201
    response.flushHeaders()
  },
}

function taking(act: (visit: Visit) => void | Promise<void>): Scenes[string] {
  return () => ({
    handle: (visit) => {
      visit.take()
      return act(visit)
    },
  })
}

export const earlyAnswers: Scenes = {
  ...answersFirst,
  ...Object.fromEntries(echoes.map((way) => [`echo by ${way}`, taking(echoing[way])])),
  ...Object.fromEntries(
    lateListeners.map((way) => [way, () => ({ handle: (visit: Visit) => later[way](visit) })]),
  ),
  ...Object.fromEntries(
    headsFirst.map((way) => [
      `head first by ${way}`,
      taking(async (visit) => {
        sendsHead[way](visit)
        visit.response.end(`<${await size(visit)}>`)
      }),
    ]),
  ),
  'refuses by write': taking(({ response }) => {
    response.writeHead(403, { 'Content-Length': 2 })
    response.write('n')
    setTimeout(() => response.end('o'), 20)
  }),
  /** Notes every event of a request that nobody reads behind an early answer. */
  'answers at once and listens': () => ({
    handle: (visit) => {
      for (const name of ['aborted', 'error', 'end', 'close'] as const) {
        visit.request.on(name, () => visit.note(name))
      }
      visit.reply(401, 'no')
    },
  }),
  'answers later and listens': () => ({
    handle: (visit) => {
      for (const name of ['aborted', 'error', 'end', 'close'] as const) {
        visit.request.on(name, () => visit.note(name))
      }
      setTimeout(() => visit.reply(401, 'no'), 20)
    },
  }),
}
