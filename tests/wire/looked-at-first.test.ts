// Law 0: who looks at the first bytes of the content and goes on later (sniffing of file types, a header of a
// format) gets all of it, also when content and end stand in one segment with the head.
import { once } from 'node:events'
import http, { type IncomingMessage, type RequestListener } from 'node:http'
import { attach } from '@expectation/core/node'
import { RawClient } from '../support/raw-client.js'
import { asking, chunks, head } from '../support/request.js'
import { bare, type Running, serve } from '../support/server.js'

async function rest(request: IncomingMessage): Promise<string> {
  let text = ''
  request.on('data', (part: Buffer) => {
    text += part.toString()
  })
  await once(request, 'end')
  return text
}

async function iterated(request: AsyncIterable<unknown>): Promise<string> {
  let text = ''
  for await (const part of request) text += String(part)
  return text
}

/** The stream is left open. */
async function onePiece(request: IncomingMessage): Promise<string> {
  for await (const part of request.iterator({ destroyOnReturn: false })) return String(part)
  return ''
}

const readers: Readonly<Record<string, (request: IncomingMessage) => Promise<string>>> = {
  'read once, put back, then iterated': async (request) => {
    await once(request, 'readable')
    const first: unknown = request.read()
    if (first !== null) request.unshift(first)
    return await iterated(request)
  },
  'the first piece waited for, then the others': async (request) => {
    const [first] = await once(request, 'data')
    return String(first) + (await rest(request))
  },
  'iterated once, then by events': async (request) =>
    (await onePiece(request)) + (await rest(request)),
  'iterated twice': async (request) => (await onePiece(request)) + (await iterated(request)),
}

const chunked = `${head({ chunked: true })}${chunks('hello')}`
const pieces = `${head({ chunked: true })}${chunks('h', 'ell', 'o')}`
const sized = `${head({ length: 5 })}hello`

const inputs: Readonly<Record<string, string>> = {
  chunked,
  'chunked, of three pieces': pieces,
  'of three pieces, asking': `${head({ expect: '100-continue', chunked: true })}${chunks('h', 'ell', 'o')}`,
  'of three pieces, three in one segment': pieces.repeat(3),
  asking: `${asking()}hello`,
  'chunked, three in one segment': chunked.repeat(3),
  'sized, three in one segment': sized.repeat(3),
  'behind another in one segment': sized + chunked,
}

const servers: Readonly<Record<string, (listener: RequestListener) => Promise<Running>>> = {
  plain: bare,
  attached: (listener) => serve(attach(http.createServer(listener))),
  gated: (listener) => serve(attach(http.createServer(listener), {})),
}

describe.each(Object.entries(servers))('%s server', (_server, start) => {
  describe.each(Object.entries(inputs))('%s', (_input, bytes) => {
    test.each(Object.entries(readers))('%s', async (_reader, read) => {
      const running = await start((request, response) => {
        read(request).then(
          (text) => response.end(text),
          (error: unknown) => response.destroy(error as Error),
        )
      })
      const client = await RawClient.connect(running)
      client.send(bytes)
      for (const _each of bytes.match(/HTTP\/1\.1/g) ?? []) {
        expect((await client.answer()).text).toBe('hello')
      }
      client.destroy()
    })
  })
})
