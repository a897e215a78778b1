// When a 100 comes: at once, once, on its own, and never after the answer.

import { asking, chunks, FIVE, head } from './bytes.js'
import type { Http1Case, Level, Role, Step } from './case.js'
import { http1 } from './define.js'

const area = 'timing'

function timing(
  id: string,
  level: Level,
  title: string,
  cites: readonly string[],
  needs: readonly Role[],
  steps: readonly Step[],
): Http1Case {
  return http1(area, `timing/${id}`, level, title, cites, needs, steps)
}

const ask = asking()
const immediate = ['RFC 9110 10.1.1']

/** The reason of it all: the answer is known from the head, so no content is asked for. */
function refusedFromHead(role: Role, what: string): Http1Case {
  return timing(
    `refused-${role}`,
    'hardening',
    `${what}: no 100 before it, and no content awaited`,
    ['RFC 9110 10.1.1', 'expressjs/multer#344', 'koajs/koa#879'],
    [role],
    [
      {
        do: 'send',
        bytes: asking({
          to: role,
          length: role === 'limit' ? '{limit+1}' : 5,
          lines: role === 'typed' ? ['Content-Type: text/x-unwanted'] : [],
        }),
      },
      { do: 'final', status: ['error'] },
      { do: 'alive' },
    ],
  )
}

export const timings: readonly Http1Case[] = [
  timing(
    'before-content',
    'MUST',
    'the 100 does not wait for content',
    ['RFC 9110 10.1.1: MUST NOT wait'],
    ['reads'],
    [
      { do: 'send', bytes: ask },
      { do: 'continue', fields: 'may' },
      { do: 'silence', ms: 100 },
      { do: 'send', bytes: FIVE },
      { do: 'final', status: ['2xx'], read: FIVE },
    ],
  ),
  timing(
    'within-a-second',
    'SHOULD',
    'the 100 comes within the second that curl, Go and .NET wait',
    [...immediate, 'curl/curl CURLOPT_EXPECT_100_TIMEOUT_MS'],
    ['reads'],
    [
      { do: 'send', bytes: ask },
      { do: 'continue', fields: 'may', withinMs: 950 },
    ],
  ),
  timing(
    'bare',
    'hardening',
    'the 100 carries no fields',
    ['RFC 9110 15.2', 'HTTP/1.1 must die: the desync endgame (2025)'],
    ['reads'],
    [{ do: 'send', bytes: ask }, { do: 'continue' }],
  ),
  timing(
    'once',
    'MUST',
    'one 100, also when content drips in',
    ['RFC 9110 15.2.1', 'caddyserver/caddy#2.6.2 sends two'],
    ['reads'],
    [
      { do: 'send', bytes: asking({ length: 12 }) },
      { do: 'continue', fields: 'may' },
      { do: 'drip', bytes: 'abcdefghijkl', gapMs: 10 },
      { do: 'final', status: ['2xx'], read: 'abcdefghijkl' },
      { do: 'sound' },
    ],
  ),
  timing(
    'once-when-waiting',
    'MUST',
    'one 100, also when the client lets it wait',
    ['RFC 9110 15.2.1'],
    ['reads'],
    [
      { do: 'send', bytes: ask },
      { do: 'continue', fields: 'may' },
      { do: 'silence', ms: 700 },
      { do: 'send', bytes: FIVE },
      { do: 'final', status: ['2xx'], read: FIVE },
      { do: 'sound' },
    ],
  ),
  timing(
    'final-follows',
    'MUST',
    'a final response follows once the content is there',
    ['RFC 9110 10.1.1'],
    ['reads'],
    [
      { do: 'send', bytes: asking({ chunked: true }) },
      { do: 'continue', fields: 'may' },
      { do: 'send', bytes: chunks('a', 'bc', 'def') },
      { do: 'final', status: ['2xx'], read: 'abcdef' },
      { do: 'sound' },
    ],
  ),
  timing(
    'not-before-head-ends',
    'MUST',
    'nothing is answered before the head is complete',
    ['RFC 9110 10.1.1: complete header section'],
    ['reads'],
    [
      { do: 'send', bytes: ask.slice(0, -2) },
      { do: 'silence', ms: 150 },
      { do: 'send', bytes: '\r\n' },
      { do: 'continue', fields: 'may' },
      { do: 'send', bytes: FIVE },
      { do: 'final', status: ['2xx'], read: FIVE },
    ],
  ),
  timing(
    'head-in-bytes',
    'MUST',
    'a head that comes in small pieces brings one 100',
    ['RFC 9112 2.2'],
    ['reads'],
    [
      { do: 'drip', bytes: ask, gapMs: 1, size: 3 },
      { do: 'continue', fields: 'may' },
      { do: 'send', bytes: FIVE },
      { do: 'final', status: ['2xx'], read: FIVE },
      { do: 'sound' },
    ],
  ),
  timing(
    'split-in-value',
    'MUST',
    'a segment border inside the value changes nothing',
    ['RFC 9112 2.2'],
    ['reads'],
    [
      { do: 'send', bytes: ask.slice(0, ask.indexOf('100-') + 4) },
      { do: 'pause', ms: 40 },
      { do: 'send', bytes: ask.slice(ask.indexOf('100-') + 4) },
      { do: 'continue', fields: 'may' },
      { do: 'send', bytes: FIVE },
      { do: 'final', status: ['2xx'], read: FIVE },
    ],
  ),
  timing(
    'split-at-end',
    'MUST',
    'a segment border inside the last CRLF changes nothing',
    ['RFC 9112 2.2'],
    ['reads'],
    [
      { do: 'send', bytes: ask.slice(0, -1) },
      { do: 'pause', ms: 40 },
      { do: 'send', bytes: ask.slice(-1) },
      { do: 'continue', fields: 'may' },
      { do: 'send', bytes: FIVE },
      { do: 'final', status: ['2xx'], read: FIVE },
    ],
  ),
  timing(
    'each-request',
    'MUST',
    'each request on a connection brings its own 100',
    immediate,
    ['reads'],
    [
      ...[1, 2, 3].flatMap((): Step[] => [
        { do: 'send', bytes: ask },
        { do: 'continue', fields: 'may' },
        { do: 'send', bytes: FIVE },
        { do: 'final', status: ['2xx'], read: FIVE },
      ]),
      { do: 'sound' },
    ],
  ),
  timing(
    'only-who-asks',
    'hardening',
    'a request without `Expect` after one with it brings no 100',
    ['RFC 9110 15.2.1'],
    ['reads'],
    [
      { do: 'send', bytes: ask },
      { do: 'continue', fields: 'may' },
      { do: 'send', bytes: FIVE },
      { do: 'final', status: ['2xx'], read: FIVE },
      { do: 'send', bytes: head({ length: 5 }) },
      { do: 'silence', ms: 150 },
      { do: 'send', bytes: FIVE },
      { do: 'final', status: ['2xx'], read: FIVE },
    ],
  ),
  timing(
    'large',
    'MUST',
    'two megabytes after a 100 arrive whole',
    ['RFC 9112 6.2'],
    ['reads'],
    [
      { do: 'send', bytes: asking({ length: 2_097_152 }) },
      { do: 'continue', fields: 'may' },
      { do: 'send', bytes: '0123456789abcdef', times: 131_072 },
      {
        do: 'final',
        status: ['2xx'],
        read: '0123456789abcdef',
        readTimes: 131_072,
        withinMs: 8000,
      },
      { do: 'sound' },
    ],
  ),
  timing(
    'slow-handler',
    'MUST',
    'a route that decides slowly still answers from the head',
    immediate,
    ['slow'],
    [
      { do: 'send', bytes: asking({ to: 'slow' }) },
      { do: 'asked', content: FIVE },
    ],
  ),
  timing(
    'slow-handler-content',
    'MUST',
    'content that comes while a route decides is not lost',
    ['RFC 9110 10.1.1'],
    ['slow'],
    [
      { do: 'send', bytes: asking({ to: 'slow' }) },
      { do: 'pause', ms: 30 },
      { do: 'send', bytes: FIVE },
      { do: 'final', status: ['2xx'], read: FIVE, interim: 'may' },
      { do: 'sound' },
    ],
  ),
  timing(
    'slow-refusal',
    'hardening',
    'a slow refusal comes without a 100',
    ['RFC 9110 10.1.1'],
    ['slowRefuses'],
    [
      { do: 'send', bytes: asking({ to: 'slowRefuses' }) },
      { do: 'final', status: ['4xx'] },
      { do: 'sound', rest: FIVE },
    ],
  ),
  timing(
    'none-after-final',
    'MUST',
    'no 100 after the final response, though content still comes',
    ['RFC 9110 15.2', 'golang/go#14030', 'aspnet/KestrelHttpServer#2102'],
    ['refuses'],
    [
      { do: 'send', bytes: asking({ to: 'refuses' }) },
      { do: 'final', status: ['4xx'], interim: 'may' },
      { do: 'sound', rest: FIVE },
    ],
  ),
  timing(
    'answered-from-head',
    'MUST',
    'a refusal known from the head is not held back for content',
    immediate,
    ['refuses'],
    [
      { do: 'send', bytes: asking({ to: 'refuses' }) },
      { do: 'final', status: ['4xx'], interim: 'may' },
    ],
  ),
  timing(
    'answered-from-head-without-expect',
    'hardening',
    'without `Expect` a refusal is not held back for content either',
    ['RFC 9112 9.5', 'expressjs/body-parser#94'],
    ['refuses'],
    [
      { do: 'send', bytes: head({ to: 'refuses', length: 5 }) },
      { do: 'final', status: ['4xx'] },
    ],
  ),
  timing(
    'early-success',
    'hardening',
    'a route that answers 2xx without reading asks for no content',
    ['RFC 9110 10.1.1'],
    ['early'],
    [
      { do: 'send', bytes: asking({ to: 'early' }) },
      { do: 'final', status: ['2xx'] },
    ],
  ),
  refusedFromHead('refuses', 'a refusal by credentials'),
  refusedFromHead('limit', 'a refusal by declared length'),
  refusedFromHead('missing', 'an unknown route'),
  refusedFromHead('methods', 'a method that is not allowed'),
  refusedFromHead('typed', 'a refusal by media type'),
  refusedFromHead('throws', 'an error before reading'),
  refusedFromHead('busy', 'a refusal under load'),
]
