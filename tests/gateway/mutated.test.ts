// Damaged exchanges through the gateway: every request that an upstream reads, by the letter, is one that
// the client sent, whole or cut. What the client sent is what a plain server of Node reads from the same
// bytes. The long form is EXCHANGES=20000, and SEED=… another run.
import http from 'node:http'
import net from 'node:net'
import { serve } from '../support/server.js'
import { front } from './support/front.js'
import { mutated, randomFrom } from './support/mutations.js'
import { type ReadRequest, strictUpstream } from './support/strict-upstream.js'

jest.setTimeout(600_000)

const EXCHANGES = Number(process.env.EXCHANGES ?? 800)
const SEED = Number(process.env.SEED ?? 20261127)
const QUIET_MS = 50

/** Writes the pieces, and waits until nothing has come for a moment. */
function send(port: number, pieces: readonly Buffer[]): Promise<void> {
  return new Promise((resolve) => {
    const socket = net.connect({ port, host: '127.0.0.1' })
    const quiet = setTimeout(() => socket.destroy(), QUIET_MS)
    socket.on('data', () => quiet.refresh())
    socket.on('error', () => undefined)
    socket.on('close', () => {
      clearTimeout(quiet)
      resolve()
    })
    const [first, second] = pieces
    socket.write(first ?? '', () => {
      if (second !== undefined) setTimeout(() => socket.writable && socket.write(second), 2)
    })
  })
}

const originForm = (target: string): string => target.replace(/^https?:\/\/[^/]*/, '') || '/'
const keyOf = ({ method, target }: ReadRequest, id: string): string =>
  `${method} ${originForm(target)} ${id}`

/** Reads whatever it is sent, as Node reads it. */
async function reference(): Promise<{ readonly port: number; readonly requests: ReadRequest[] }> {
  const requests: ReadRequest[] = []
  const server = http.createServer((request, response) => {
    const { method = '', url: target = '', rawHeaders } = request
    const ids = rawHeaders.filter(
      (_text, at) => rawHeaders[at - 1]?.toLowerCase() === 'x-id' && at % 2 === 1,
    )
    const read = { method, target, id: ids.join(), content: '', whole: false }
    requests.push(read)
    request.setEncoding('latin1')
    request.on('data', (text: string) => {
      read.content += text
    })
    request.on('error', () => undefined)
    request.on('end', () => {
      read.whole = request.complete
      // A length keeps the connection of an HTTP/1.0 client, too: what comes behind is read.
      response.setHeader('Content-Length', 0).end()
    })
  })
  server.on('checkContinue', (request, response) => {
    response.writeContinue()
    server.emit('request', request, response)
  })
  server.on('checkExpectation', (request, response) => server.emit('request', request, response))
  server.on('clientError', (_error, socket) => socket.destroy())
  return { port: (await serve(server)).port, requests }
}

test(`${EXCHANGES} damaged connections, seed ${SEED}`, async () => {
  const random = randomFrom(SEED)
  const upstreams = [await strictUpstream(true), await strictUpstream(false)]
  const { port } = await front(
    upstreams.map(({ origin }) => origin),
    { ask: 'large', askFromBytes: 100 },
  )
  const plain = await reference()
  let next = 0
  const lane = async (): Promise<void> => {
    while (next < EXCHANGES) {
      next += 1
      const { pieces } = mutated(random, String(next))
      await Promise.all([send(port, pieces), send(plain.port, pieces)])
    }
  }
  await Promise.all(Array.from({ length: 20 }, lane))

  expect(upstreams.flatMap(({ faults }) => faults)).toEqual([])
  const sent = new Map<string, ReadRequest[]>()
  for (const request of plain.requests) {
    // `Connection: X-Id` takes the name away, rightly.
    for (const key of new Set([keyOf(request, request.id), keyOf(request, '')])) {
      const same = sent.get(key)
      if (same === undefined) sent.set(key, [request])
      else same.push(request)
    }
  }
  const got = upstreams.flatMap(({ requests }) => requests)
  const strangers = got.filter((request) => {
    const candidates = sent.get(keyOf(request, request.id)) ?? []
    return !candidates.some(({ content, whole }) =>
      request.whole ? whole && content === request.content : content.startsWith(request.content),
    )
  })
  expect(strangers).toEqual([])
  // Enough of them came through to say anything.
  expect(got.filter(({ whole }) => whole).length).toBeGreaterThan(EXCHANGES / 20)
})
