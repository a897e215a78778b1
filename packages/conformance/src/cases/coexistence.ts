// Expectations beside everything else a request may carry, and many at a time.

import { asking, chunks, FIVE, head } from './bytes.js'
import type { Http1Case, Level, Role, Step } from './case.js'
import { continued, http1 } from './define.js'

const area = 'coexistence'

function beside(
  id: string,
  title: string,
  cites: readonly string[],
  lines: readonly string[],
  level: Level = 'MUST',
): Http1Case {
  return http1(
    area,
    `coexistence/${id}`,
    level,
    title,
    cites,
    ['reads'],
    continued(asking({ lines })),
  )
}

function mixed(
  id: string,
  level: Level,
  title: string,
  cites: readonly string[],
  needs: readonly Role[],
  steps: readonly Step[],
): Http1Case {
  return http1(area, `coexistence/${id}`, level, title, cites, needs, steps)
}

const plain: readonly Step[] = [
  { do: 'again' },
  { do: 'send', bytes: head({ length: 5 }) + FIVE },
  { do: 'final', status: ['2xx'], read: FIVE },
]
const polite: readonly Step[] = [
  { do: 'again' },
  { do: 'send', bytes: asking() },
  { do: 'continue', fields: 'may' },
  { do: 'send', bytes: FIVE },
  { do: 'final', status: ['2xx'], read: FIVE },
]

export const coexistence: readonly Http1Case[] = [
  beside(
    'via-old',
    'a proxy that spoke HTTP/1.0 further out does not take the 100 away',
    ['RFC 9110 7.6.3', 'RFC 9110 10.1.1'],
    ['Via: 1.0 old-proxy'],
    'SHOULD',
  ),
  beside(
    'te-trailers',
    '`TE: trailers` beside it',
    ['RFC 9110 10.1.4'],
    ['TE: trailers', 'Connection: TE'],
  ),
  beside(
    'keep-alive',
    '`Connection: keep-alive` beside it',
    ['RFC 9112 9.3'],
    ['Connection: keep-alive', 'Keep-Alive: timeout=5'],
  ),
  beside(
    'accept-html',
    'a browser-like `Accept` beside it',
    ['RFC 9110 12.5.1'],
    ['Accept: text/html,application/xhtml+xml;q=0.9,*/*;q=0.8'],
  ),
  beside(
    'accept-encoding',
    'compressed answers beside it',
    ['RFC 9110 12.5.3'],
    ['Accept-Encoding: identity'],
  ),
  beside('prefer', '`Prefer` beside it', ['RFC 7240'], ['Prefer: respond-async, wait=10']),
  beside(
    'if-modified',
    '`If-Modified-Since` beside it',
    ['RFC 9110 13.1.3'],
    ['If-Modified-Since: Thu, 01 Jan 1970 00:00:00 GMT'],
  ),
  beside(
    'forwarded',
    'fields of proxies beside it',
    ['RFC 7239'],
    ['X-Forwarded-For: 127.0.0.1', 'X-Forwarded-Proto: https'],
  ),
  beside(
    'cookies',
    'six kilobytes of cookies beside it',
    ['RFC 6265'],
    [`Cookie: a=${'c'.repeat(3000)}`, `X-More: ${'m'.repeat(3000)}`],
  ),
  beside(
    'content-type',
    '`Content-Type` beside it',
    ['RFC 9110 8.3'],
    ['Content-Type: application/octet-stream'],
  ),
  beside(
    'multipart',
    'a multipart type beside it',
    ['RFC 7578'],
    ['Content-Type: multipart/form-data; boundary=x'],
  ),
  beside(
    'pragma',
    '`Cache-Control` beside it',
    ['RFC 9111 5.2.1'],
    ['Cache-Control: no-cache', 'Pragma: no-cache'],
  ),
  mixed(
    'plain-after-polite',
    'MUST',
    'a plain upload after one that asked, on one connection',
    ['RFC 9112 9.3'],
    ['reads'],
    [...polite, ...plain, { do: 'sound' }],
  ),
  mixed(
    'polite-after-plain',
    'MUST',
    'an upload that asks after a plain one, on one connection',
    ['RFC 9112 9.3'],
    ['reads'],
    [...plain, ...polite, { do: 'sound' }],
  ),
  mixed(
    'chunked-after-length',
    'MUST',
    'chunks after a length, both asking, on one connection',
    ['RFC 9112 6.3'],
    ['reads'],
    [
      ...polite,
      { do: 'again' },
      { do: 'send', bytes: asking({ chunked: true }) },
      { do: 'continue', fields: 'may' },
      { do: 'send', bytes: chunks('a', 'b', 'c') },
      { do: 'final', status: ['2xx'], read: 'abc' },
      { do: 'sound' },
    ],
  ),
  mixed(
    'upload-after-get',
    'MUST',
    'an upload that asks after a page, on one connection',
    ['RFC 9112 9.3'],
    ['reads'],
    [{ do: 'serves' }, ...polite, { do: 'sound' }],
  ),
  mixed(
    'two-at-once',
    'MUST',
    'two connections that wait at the same time: each gets its own 100',
    ['RFC 9110 10.1.1'],
    ['reads'],
    [
      { do: 'send', bytes: asking() },
      { do: 'continue', fields: 'may' },
      { do: 'connect' },
      ...polite,
      { do: 'sound' },
    ],
  ),
  mixed(
    'refused-then-new',
    'MUST',
    'after a refusal a new connection is served',
    ['RFC 9112 9.3'],
    ['refuses', 'reads'],
    [
      { do: 'send', bytes: asking({ to: 'refuses' }) },
      { do: 'answered', status: ['4xx'], content: FIVE },
      { do: 'connect' },
      ...polite,
      { do: 'sound' },
    ],
  ),
  mixed(
    'slow-then-fast',
    'MUST',
    'a route that decides slowly does not hold up another connection',
    ['RFC 9112 9.4'],
    ['slow', 'reads'],
    [{ do: 'send', bytes: asking({ to: 'slow' }) }, { do: 'connect' }, ...polite],
  ),
  mixed(
    'refused-plain-kept',
    'MUST',
    'a plain upload that is refused leaves a sound connection',
    ['RFC 9112 9.3', 'supabase/storage#1323'],
    ['refuses'],
    [
      { do: 'send', bytes: head({ to: 'refuses', length: 5 }) },
      { do: 'answered', status: ['4xx'], content: FIVE, quiet: 'may' },
      { do: 'sound' },
    ],
  ),
  mixed(
    'refused-plain-smuggled',
    'MUST',
    'a request inside a plain upload that is refused stays content',
    ['RFC 9112 6.2'],
    ['refuses'],
    [
      { do: 'send', bytes: head({ to: 'refuses', length: 100_000 }) },
      { do: 'answered', status: ['4xx'], content: '', quiet: 'may' },
      { do: 'never-dispatched', bytes: '{other}' },
    ],
  ),
]
