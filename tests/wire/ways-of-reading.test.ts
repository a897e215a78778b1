// Every way in which applications read content brings the 100 and all the bytes (law 2).
import { createHash } from 'node:crypto'
import { PassThrough, Readable } from 'node:stream'
import { finished, pipeline } from 'node:stream/promises'
import type { ReadableStream } from 'node:stream/web'
import { setImmediate as turn } from 'node:timers/promises'
import type { Request } from 'express'
import { RawClient } from '../support/raw-client.js'
import { stillUsable } from '../support/refusal.js'
import { chunks, head } from '../support/request.js'
import { counted, serve } from '../support/server.js'
import { uploads } from '../support/uploads.js'

const sha256 = (content: Buffer): string => createHash('sha256').update(content).digest('hex')

/** Reads the whole content of a request in one particular way. */
type Reader = (req: Request) => Promise<Buffer>

function collected(stream: NodeJS.ReadableStream): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    const parts: Buffer[] = []
    stream.on('data', (part: Buffer) => parts.push(part))
    stream.once('end', () => resolve(Buffer.concat(parts)))
    stream.once('error', reject)
  })
}

const readers: Readonly<Record<string, Reader>> = {
  "on('data')": (req) => collected(req),

  "on('data') after pause() and a late resume()": async (req) => {
    req.pause()
    const content = collected(req)
    await turn()
    await turn()
    req.resume()
    return content
  },

  "once('data') first, on('data') for the rest": (req) =>
    new Promise((resolve, reject) => {
      const parts: Buffer[] = []
      req.once('data', (first: Buffer) => {
        parts.push(first)
        req.on('data', (part: Buffer) => parts.push(part))
      })
      req.once('end', () => resolve(Buffer.concat(parts)))
      req.once('error', reject)
    }),

  'pipe()': (req) => collected(req.pipe(new PassThrough())),

  'pipeline()': async (req) => {
    const sink = new PassThrough()
    const content = collected(sink)
    await pipeline(req, sink)
    return content
  },

  'pipeline() into an async function': async (req) => {
    const parts: Buffer[] = []
    await pipeline(req, async (source: AsyncIterable<Buffer>) => {
      for await (const part of source) parts.push(part)
    })
    return Buffer.concat(parts)
  },

  'for await': async (req) => {
    const parts: Buffer[] = []
    for await (const part of req) parts.push(part as Buffer)
    return Buffer.concat(parts)
  },

  "on('readable') and read()": async (req) => {
    const parts: Buffer[] = []
    req.on('readable', () => {
      for (let part = req.read(); part !== null; part = req.read()) parts.push(part as Buffer)
    })
    await finished(req)
    return Buffer.concat(parts)
  },

  'plain read() without a listener at first': async (req) => {
    const parts: Buffer[] = []
    let ended = false
    req.once('end', () => {
      ended = true
    })
    while (!ended) {
      const part = req.read() as Buffer | null
      if (part === null) await turn()
      else parts.push(part)
    }
    return Buffer.concat(parts)
  },

  'Readable.toWeb() and a reader': async (req) => {
    const parts: Uint8Array[] = []
    const web = Readable.toWeb(req) as ReadableStream<Uint8Array>
    for await (const part of web) parts.push(part)
    return Buffer.concat(parts)
  },

  'new Response(body).arrayBuffer()': async (req) => {
    const web = Readable.toWeb(req) as globalThis.ReadableStream
    return Buffer.from(await new Response(web).arrayBuffer())
  },

  'iterator helpers: toArray()': async (req) => Buffer.concat((await req.toArray()) as Buffer[]),

  'setEncoding() and data': (req) =>
    new Promise((resolve, reject) => {
      let text = ''
      req.setEncoding('latin1')
      req.on('data', (part: string) => {
        text += part
      })
      req.once('end', () => resolve(Buffer.from(text, 'latin1')))
      req.once('error', reject)
    }),

  'asynchronous work, then data': async (req) => {
    for (let step = 0; step < 10; step += 1) await turn()
    return collected(req)
  },
}

const content = Buffer.alloc(300_000, 'expectation ')

for (const [way, read] of Object.entries(readers)) {
  for (const framing of ['a length', 'chunks']) {
    test(`law 2 (RFC 9110 10.1.1): ${way} brings one 100 and all of ${framing}`, async () => {
      const save = counted(async (req: Request, res: { json(body: object): unknown }) => {
        const got = await read(req)
        res.json({ bytes: got.length, sha: sha256(got) })
      })
      const { app } = uploads({}, save)
      const client = await RawClient.connect(await serve(app))
      const sized = framing === 'a length'
      client.send(
        head({
          expect: '100-continue',
          ...(sized ? { length: content.length } : { chunked: true }),
        }),
      )
      await client.continue()
      if (sized) {
        client.send(content.subarray(0, 1000))
        client.send(content.subarray(1000))
      } else {
        client.send(chunks(content.toString('latin1', 0, 1000), content.toString('latin1', 1000)))
      }
      const response = await client.final()
      expect(response.status).toBe(200)
      expect(response.json()).toEqual({ bytes: content.length, sha: sha256(content) })
      expect(response.field('connection')?.toLowerCase()).not.toBe('close')
      expect((await stillUsable(client, '/hello')).text).toBe('hello')
    })
  }
}
