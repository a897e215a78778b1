// Every way in which applications read content brings the 100 and all the bytes (law 2).
import { createHash } from 'node:crypto'
import type { IncomingMessage } from 'node:http'
import { PassThrough, Readable } from 'node:stream'
import { finished, pipeline } from 'node:stream/promises'
import type { ReadableStream } from 'node:stream/web'
import { setImmediate as turn } from 'node:timers/promises'
import type { Stage } from './stage.js'

const sha256 = (content: Buffer): string => createHash('sha256').update(content).digest('hex')

/** Reads the whole content of a request in one particular way. */
type Reader = (content: IncomingMessage) => Promise<Buffer>

function collected(stream: NodeJS.ReadableStream): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    const parts: Buffer[] = []
    stream.on('data', (part: Buffer) => parts.push(part))
    stream.once('end', () => resolve(Buffer.concat(parts)))
    stream.once('error', reject)
  })
}

const readers: Readonly<Record<string, Reader>> = {
  "on('data')": (content) => collected(content),

  "on('data') after pause() and a late resume()": async (content) => {
    content.pause()
    const all = collected(content)
    await turn()
    await turn()
    content.resume()
    return all
  },

  "once('data') first, on('data') for the rest": (content) =>
    new Promise((resolve, reject) => {
      const parts: Buffer[] = []
      content.once('data', (first: Buffer) => {
        parts.push(first)
        content.on('data', (part: Buffer) => parts.push(part))
      })
      content.once('end', () => resolve(Buffer.concat(parts)))
      content.once('error', reject)
    }),

  'pipe()': (content) => collected(content.pipe(new PassThrough())),

  'pipeline()': async (content) => {
    const sink = new PassThrough()
    const all = collected(sink)
    await pipeline(content, sink)
    return all
  },

  'pipeline() into an async function': async (content) => {
    const parts: Buffer[] = []
    await pipeline(content, async (source: AsyncIterable<Buffer>) => {
      for await (const part of source) parts.push(part)
    })
    return Buffer.concat(parts)
  },

  'for await': async (content) => {
    const parts: Buffer[] = []
    for await (const part of content) parts.push(part as Buffer)
    return Buffer.concat(parts)
  },

  "on('readable') and read()": async (content) => {
    const parts: Buffer[] = []
    content.on('readable', () => {
      for (let part = content.read(); part !== null; part = content.read()) {
        parts.push(part as Buffer)
      }
    })
    await finished(content, { writable: false })
    return Buffer.concat(parts)
  },

  'plain read() without a listener at first': async (content) => {
    const parts: Buffer[] = []
    let ended = false
    content.once('end', () => {
      ended = true
    })
    while (!ended) {
      const part = content.read() as Buffer | null
      if (part === null) await turn()
      else parts.push(part)
    }
    return Buffer.concat(parts)
  },

  'Readable.toWeb() and a reader': async (content) => {
    const parts: Uint8Array[] = []
    const web = Readable.toWeb(content) as ReadableStream<Uint8Array>
    for await (const part of web) parts.push(part)
    return Buffer.concat(parts)
  },

  'new Response(body).arrayBuffer()': async (content) => {
    const web = Readable.toWeb(content) as globalThis.ReadableStream
    return Buffer.from(await new Response(web).arrayBuffer())
  },

  'iterator helpers: toArray()': async (content) =>
    Buffer.concat((await content.toArray()) as Buffer[]),

  'setEncoding() and data': (content) =>
    new Promise((resolve, reject) => {
      let text = ''
      content.setEncoding('latin1')
      content.on('data', (part: string) => {
        text += part
      })
      content.once('end', () => resolve(Buffer.from(text, 'latin1')))
      content.once('error', reject)
    }),

  'asynchronous work, then data': async (content) => {
    for (let step = 0; step < 10; step += 1) await turn()
    return collected(content)
  },
}

const sent = Buffer.alloc(300_000, 'expectation ')

export function reading(on: Stage): void {
  for (const [way, read] of Object.entries(readers)) {
    for (const framing of ['a length', 'chunks']) {
      test(`law 2 (RFC 9110 10.1.1): ${way} brings one 100 and all of ${framing}`, async () => {
        const running = await on.run({
          gate: {},
          save: async ({ content }) => {
            const got = await read(content)
            return { body: JSON.stringify({ bytes: got.length, sha: sha256(got) }) }
          },
        })
        const framed = framing === 'a length' ? { length: sent.length } : { undeclared: true }
        const talk = await running.ask({ expect: '100-continue', ...framed })
        await talk.continue()
        talk.send(sent.subarray(0, 1000)).send(sent.subarray(1000), 'last')
        const answer = await talk.final()
        expect(answer.status).toBe(200)
        expect(answer.json()).toEqual({ bytes: sent.length, sha: sha256(sent) })
        await talk.kept(answer)
      })
    }
  }
}
