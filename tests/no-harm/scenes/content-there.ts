// Applications for content that came before anybody looked: each answers at another moment, reading
// or not, and a limit becomes known late.
import { PassThrough, Readable } from 'node:stream'
import { setImmediate as turn, setTimeout as wait } from 'node:timers/promises'
import type { Scene, Scenes, Visit } from '../support/scene.js'
import { lateReaders, moments } from './content-moments.js'

const LATER_MS = 20
const LIMIT = 1024

type Act = (visit: Visit) => void | Promise<void>

const waits: Readonly<Record<(typeof moments)[number], Act>> = {
  'at once': () => undefined,
  'after a microtask': async () => undefined,
  'after setImmediate': async () => void (await turn()),
  'after 20 ms': async () => void (await wait(LATER_MS)),
  'after reading': async (visit) => {
    for await (const _part of visit.request);
  },
  'after resume and end': (visit) =>
    new Promise((resolve) => {
      visit.request.on('end', resolve).resume()
    }),
}

const answering: Scenes = Object.fromEntries(
  moments.flatMap((moment) =>
    [200, 401].map((status) => [
      `${status} ${moment}`,
      () => ({
        handle:
          moment === 'at once'
            ? (visit) => visit.reply(status, `<${visit.path}>`)
            : async (visit) => {
                await waits[moment](visit)
                visit.reply(status, `<${visit.path}>`)
              },
      }),
    ]),
  ) satisfies [string, Scenes[string]][],
)

async function sizeOf(parts: AsyncIterable<unknown>): Promise<number> {
  let size = 0
  for await (const part of parts) size += (part as Uint8Array).length
  return size
}

const reading: Readonly<Record<(typeof lateReaders)[number], Act>> = {
  'for await': async (visit) => visit.reply(200, `<${await sizeOf(visit.request)}>`),
  data: (visit) => {
    let size = 0
    visit.request.on('data', (part: Buffer) => {
      size += part.length
    })
    visit.request.on('error', (error) => visit.fail(error))
    visit.request.on('end', () => visit.reply(200, `<${size}>`))
  },
  pipe: async (visit) => {
    const sink = visit.request.pipe(new PassThrough())
    visit.request.on('error', (error) => sink.destroy(error))
    visit.reply(200, `<${await sizeOf(sink)}>`)
  },
  'Readable.toWeb': async (visit) =>
    visit.reply(200, `<${await sizeOf(Readable.toWeb(visit.request))}>`),
  nobody: (visit) => visit.reply(200, '<unread>'),
}

/** What the framework's own error handling gets when content goes over the limit. */
function limited(reader: (typeof lateReaders)[number], late: 'middleware' | 'check'): Scene {
  return {
    errors: true,
    options: {
      maxContentLength: LIMIT,
      checks: late === 'check' ? [async () => void (await wait(LATER_MS))] : [],
    },
    ...(late === 'middleware' && {
      before: (_visit: Visit, next: () => void) => void setTimeout(next, LATER_MS),
    }),
    handle: reading[reader],
  }
}

export const contentThere: Scenes = {
  ...answering,
  ...Object.fromEntries(
    lateReaders.flatMap((reader) => [
      [`limit behind middleware, read by ${reader}`, () => limited(reader, 'middleware')],
      [`limit behind a check, read by ${reader}`, () => limited(reader, 'check')],
    ]),
  ),
}
