// Fields that are called like what every object of JavaScript has: they are fields like others.
import { dispatcher } from '@expectation/gateway'
import { afterThisTest } from '../support/cleanup.js'
import { RawClient } from '../support/raw-client.js'
import { head } from '../support/request.js'
import { within } from '../support/server.js'
import { forbidStrayErrors } from '../support/stray-errors.js'
import { front } from './support/front.js'
import { http2Upstream } from './support/http2-upstream.js'
import { answer, rawUpstream } from './support/raw-upstream.js'

forbidStrayErrors()

const LINES = ['constructor: a', '__proto__: b', 'toString: c', 'toString: d']
const WANTED = ['constructor: a', '__proto__: b', 'tostring: c', 'tostring: d']

/** The lines of a head that are called so. */
const found = (text: string): readonly string[] =>
  text
    .toLowerCase()
    .split('\r\n')
    .filter((line) => /^(constructor|__proto__|tostring):/.test(line))

const shown = (raw: readonly string[]): string =>
  raw.map((text, at) => (at % 2 === 0 ? `${text}: ` : `${text}\r\n`)).join('')

test('over HTTP/2, trailer fields too', async () => {
  const seen: (readonly string[])[] = []
  const origin = await http2Upstream((stream, raw) => {
    seen.push(found(shown(raw)))
    stream.on('trailers', (_trailers: object, _flags: number, rawTrailers: string[]) => {
      seen.push(found(shown(rawTrailers)))
    })
    stream.resume()
    stream.on('end', () => {
      stream.respond({ ':status': 200 }, { endStream: true })
    })
  })
  const client = await RawClient.connect(await front([origin], { http2: true, ask: 'never' }))
  client.send(head({ chunked: true, lines: LINES }))
  client.send(`3\r\nabc\r\n0\r\n${LINES.join('\r\n')}\r\n\r\n`)
  expect((await client.final()).status).toBe(200)
  expect(seen).toEqual([WANTED, WANTED])
})

test.each([
  ['as they are', undefined],
  ['through rewrite', (given: object) => ({ ...given }) as never],
])('over HTTP/1.1 both ways, %s', async (_what, rewrite) => {
  let seen: readonly string[] = []
  const { origin } = await rawUpstream(async (connection) => {
    seen = found(await connection.head())
    connection.send(answer('200 OK', '', LINES))
  })
  const options = rewrite === undefined ? {} : { rewrite }
  const client = await RawClient.connect(await front([origin], options))
  await client.send(head({ method: 'GET', lines: LINES })).final()
  expect(seen).toEqual(WANTED)
  expect(found(client.seen)).toEqual(WANTED)
})

test('of a dispatcher', async () => {
  let seen: readonly string[] = []
  const { origin } = await rawUpstream(async (connection) => {
    seen = found(await connection.head())
    connection.send(answer('200 OK'))
  })
  const asked = dispatcher()
  afterThisTest(() => asked.destroy())
  const headers = Object.fromEntries([
    ['constructor', 'a'],
    ['__proto__', 'b'],
    ['toString', ['c', 'd']],
  ])
  const answered = new Promise<void>((resolve, reject) => {
    asked.request({ origin, method: 'GET', path: '/', headers }, (error, got) => {
      if (got === undefined) reject(error)
      else got.body.resume().once('end', resolve)
    })
  })
  await within('an answer', answered)
  expect(seen).toEqual(WANTED)
})
