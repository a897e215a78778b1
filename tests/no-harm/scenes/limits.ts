// Handlers under a gate with a limit, each reading in another way, and each with what its own author
// does about errors: nothing that ends the process without the library.
import { PassThrough, pipeline, Readable } from 'node:stream'
import type { Scenes, Visit } from '../support/scene.js'
import { overLimitReaders } from './over-limit-readers.js'

type Reader = (visit: Visit) => void | Promise<void>

async function count(parts: AsyncIterable<unknown>): Promise<number> {
  let size = 0
  for await (const part of parts) size += (part as Uint8Array).length
  return size
}

function listening(visit: Visit, onError: () => void): void {
  let size = 0
  visit.request.on('data', (part: Buffer) => {
    size += part.length
  })
  visit.request.on('error', onError)
  visit.request.on('end', () => visit.reply(200, `<${size}>`))
}

function piping(visit: Visit, onError: () => void): void {
  const sink = new PassThrough()
  let size = 0
  sink.on('data', (part: Buffer) => {
    size += part.length
  })
  pipeline(visit.request, sink, (error) => {
    if (error) onError()
    else visit.reply(200, `<${size}>`)
  })
}

/** As frameworks do it whose own error is all that they know. */
function fails(visit: Visit): void {
  if (!visit.response.headersSent) visit.reply(500, 'failed')
}

const readers: Readonly<Record<(typeof overLimitReaders)[number], Reader>> = {
  'for await': async (visit) => visit.reply(200, `<${await count(visit.request)}>`),
  'for await, answering 500': async (visit) => {
    try {
      visit.reply(200, `<${await count(visit.request)}>`)
    } catch {
      fails(visit)
    }
  },
  'data and end': (visit) => listening(visit, () => undefined),
  readable: (visit) => {
    let size = 0
    visit.request.on('readable', () => {
      for (;;) {
        const part: unknown = visit.request.read()
        if (part === null) break
        size += (part as Buffer).length
      }
    })
    visit.request.on('error', () => undefined)
    visit.request.on('end', () => visit.reply(200, `<${size}>`))
  },
  pipeline: (visit) => piping(visit, () => visit.fail(new Error('failed'))),
  'pipeline, answering 500': (visit) => piping(visit, () => fails(visit)),
  'Readable.toWeb': async (visit) => {
    try {
      visit.reply(200, `<${await count(Readable.toWeb(visit.request))}>`)
    } catch {
      fails(visit)
    }
  },
  'an error listener that answers 500': (visit) => listening(visit, () => fails(visit)),
}

export const limits: Scenes = Object.fromEntries(
  overLimitReaders.map((name) => [
    `over the limit: ${name}`,
    () => ({
      options: { maxContentLength: 1000 },
      errors: true,
      handle: (visit) => {
        visit.request.once('data', () => visit.note('reading'))
        return readers[name](visit)
      },
    }),
  ]) satisfies [string, Scenes[string]][],
)
