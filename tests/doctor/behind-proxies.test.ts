// The origin of --behind knows its requests whatever a proxy makes of their heads.

import http from 'node:http'
import net from 'node:net'
import { doctorBehind, type Report } from '@expectation/doctor'
import { afterThisTest } from '../support/cleanup.js'
import { freePort } from '../support/free-port.js'
import { serve } from '../support/server.js'
import { behindProofs } from './behind-proofs.js'
import { inLanes } from './lanes.js'

jest.setTimeout(30_000)

/** Hands bytes on, and each first head of a connection as it is changed. */
async function through(
  path: string,
  change: (head: string, origin: number) => string = (head) => head,
): Promise<Report> {
  const origin = await freePort()
  const proxy = net.createServer({ allowHalfOpen: true }, (socket) => {
    const onward = net.connect({ port: origin, host: '127.0.0.1', allowHalfOpen: true })
    socket.on('error', () => onward.destroy())
    onward.on('error', () => socket.destroy())
    let head: string | undefined = ''
    socket.on('data', (bytes: Buffer) => {
      if (head === undefined) return void onward.write(bytes)
      head += bytes.toString('latin1')
      const end = head.indexOf('\r\n\r\n')
      if (end === -1) return
      onward.write(change(head.slice(0, end), origin) + head.slice(end), 'latin1')
      head = undefined
    })
    socket.on('end', () => onward.end())
    onward.pipe(socket)
    afterThisTest(() => {
      socket.destroy()
      onward.destroy()
    })
  })
  await new Promise<void>((resolve) => proxy.listen(0, '127.0.0.1', resolve))
  afterThisTest(() => void proxy.close())
  const { port } = proxy.address() as net.AddressInfo
  const headers = { 'X-Auth': 'auth-hidden' }
  return doctorBehind(`http://127.0.0.1:${port}${path}`, { origin, headers, timeoutMs: 1_500 })
}

/** What a proxy that hands everything on comes to. */
function isWhole(report: Report | undefined): void {
  const { facts = {} } = report ?? {}
  const bytes = facts['content.bytes']
  expect(facts).toMatchObject({ 'accepted.ending': 'accepted', 'accepted.originTotal': bytes })
  // It was accepted when all of it was there, and not before.
  expect(facts).toMatchObject({ 'accepted.originBytes': bytes, 'quiet.originBytes': bytes })
  expect(facts).toMatchObject({ 'refused.ending': 'refused', 'refused.spent': 'nothing' })
  expect(facts).toMatchObject({ 'kept.next': 'answered' })
}

const PATHS = [
  '/up',
  '/up?tenant=1',
  '/up?path=/a/b',
  '/up?next=/x/after',
  '/up/none?a=/none?b',
  '/?',
  '?a',
]

/** Only fields that such a proxy knows are passed on. */
const fewFields = (head: string): string =>
  head.replace(/^(?!host|content|expect|transfer|[A-Z]+ \/)[^\r\n]+\r\n/gim, '')

/** RFC 9112 section 3.2.2. */
const wholeAddress = (head: string, origin: number): string =>
  head.replace(' /', ` http://127.0.0.1:${origin}/`)

/** Chunks in place of a length, and fields of its own. */
async function chunked(): Promise<Report> {
  const origin = await freePort()
  const proxy = http.createServer((request, response) => {
    request.on('error', () => undefined)
    const { method, url: path } = request
    const headers = { host: 'a', 'transfer-encoding': 'chunked' }
    const onward = http.request({ port: origin, host: '127.0.0.1', method, path, headers })
    onward.on('error', () => response.destroy())
    onward.on('response', (answer) => {
      response.writeHead(answer.statusCode ?? 502, { connection: 'close' })
      answer.pipe(response)
    })
    request.pipe(onward)
  })
  const { url } = await serve(proxy)
  return doctorBehind(url, { origin, timeoutMs: 1_500 })
}

const all: Readonly<Record<string, () => Promise<Report>>> = {
  ...Object.fromEntries(PATHS.map((path) => [path, () => through(path)])),
  'fields taken away': () => through('/up', fewFields),
  'the whole address': () => through('/up?tenant=1', wholeAddress),
  chunks: chunked,
  'a refusal of its own': () => behindProofs.B106?.() ?? Promise.reject(new Error('no proof')),
}
const reports = new Map<string, Report>()

// Nearly all of a run is waiting.
beforeAll(async () => {
  const names = Object.keys(all)
  await inLanes(names, names.length, async (name) => {
    const report = await all[name]?.()
    if (report !== undefined) reports.set(name, report)
  })
}, 60_000)

test.each(PATHS)('RFC 3986 section 3.4: the query of %s names no request', (path) => {
  isWhole(reports.get(path))
})

test.each(['fields taken away', 'the whole address'])(
  'a proxy that makes heads anew: %s',
  (name) => {
    isWhole(reports.get(name))
  },
)

test('no secret is in a report: neither a field that was given, nor the query', () => {
  const report = reports.get('/up?tenant=1')
  expect(report?.target).toMatch(/\/…\?\*\*\*$/)
  expect(JSON.stringify(report)).toContain('X-Auth: ***')
  expect(JSON.stringify(report)).not.toMatch(/hidden|tenant/)
})

test('a proxy that frames content anew, with fields of its own', () => {
  const facts = reports.get('chunks')?.facts
  const bytes = facts?.['content.bytes']
  expect(facts).toMatchObject({ 'accepted.ending': 'accepted', 'accepted.originBytes': bytes })
})

test('a proxy that refuses every upload by itself says nothing of what it does with answers', () => {
  const findings = reports.get('a refusal of its own')?.findings
  expect(findings?.map(({ id }) => id)).toEqual(['B106', 'B204', 'B303'])
})
