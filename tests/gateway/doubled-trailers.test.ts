// Trailer fields that come in several lines. Node throws for several lines of a name that has one value over
// HTTP/2, out of an event where nobody catches it; trailer fields may be merged, or dropped (RFC 9110
// section 6.5.1).
import { keepConsoleErrors } from '../support/console.js'
import { RawClient } from '../support/raw-client.js'
import { head } from '../support/request.js'
import { forbidStrayErrors } from '../support/stray-errors.js'
import { front } from './support/front.js'
import { http2Upstream } from './support/http2-upstream.js'

forbidStrayErrors()
keepConsoleErrors()

/** Answers 200 to content that ended, and tells the trailer fields behind it. */
const keepsTrailers = async () => {
  const seen: (readonly string[])[] = []
  const origin = await http2Upstream((stream) => {
    stream.on('trailers', (_trailers: object, _flags: number, lines: string[]) => seen.push(lines))
    stream.on('error', () => undefined)
    stream.resume()
    stream.on('end', () => stream.respond({ ':status': 200 }, { endStream: true }))
  })
  return { origin, seen }
}

test.each([
  ['ETag', '"a"', '"b"'],
  ['Last-Modified', 'yesterday', 'today'],
  ['Content-Language', 'en', 'de'],
  ['Content-Location', '/a', '/b'],
  ['Content-MD5', 'a', 'b'],
  ['From', 'a', 'b'],
  ['Referer', '/a', '/b'],
  ['User-Agent', 'a', 'b'],
  ['X-Content-Type-Options', 'nosniff', 'nosniff'],
  ['Access-Control-Max-Age', '1', '2'],
  ['TK', 'N', 'T'],
])('two lines of %s reach an upstream of HTTP/2 as one', async (name, one, two) => {
  const { origin, seen } = await keepsTrailers()
  const client = await RawClient.connect(await front([origin], { http2: true, ask: 'never' }))
  client.send(head({ chunked: true }))
  client.send(`3\r\nabc\r\n0\r\n${name}: ${one}\r\n${name}: ${two}\r\n\r\n`)
  expect((await client.final()).status).toBe(200)
  expect(seen).toEqual([[name.toLowerCase(), `${one}, ${two}`]])
})

test('an upstream that resets its stream while they are to follow leaves the others alone', async () => {
  const origin = await http2Upstream((stream) => {
    stream.on('error', () => undefined)
    stream.on('data', () => stream.close())
  })
  const running = await front([origin], { http2: true, ask: 'never', attempts: 1 })
  const client = await RawClient.connect(running)
  client.send(head({ chunked: true }))
  client.send('3\r\nabc\r\n0\r\nETag: "a"\r\nETag: "b"\r\n\r\n')
  await client.answer()
  await running.outcome()
})
