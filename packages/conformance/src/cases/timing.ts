// When a 100 comes: at once, once, on its own, and never after the answer.

import { asking, chunks, FIVE, head } from './bytes.js'
import type { Http1Case, Level, Role, Step } from './case.js'
import { http1 } from './define.js'

const area = 'timing'

export function timing(
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
export const immediate = ['RFC 9110 10.1.1']

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
    'hardening',
    'one 100, also when content drips in',
    ['RFC 9110 15.2.1', 'caddyserver/caddy#2.6.2 sends two'],
    ['reads'],
    [
      { do: 'send', bytes: asking({ length: 12 }) },
      { do: 'continue', fields: 'may' },
      { do: 'drip', bytes: 'abcdefghijkl', gapMs: 10 },
      { do: 'final', status: ['2xx'], read: 'abcdefghijkl', interim: 'never' },
      { do: 'sound' },
    ],
  ),
  timing(
    'once-when-waiting',
    'hardening',
    'one 100, also when the client lets it wait',
    ['RFC 9110 15.2.1'],
    ['reads'],
    [
      { do: 'send', bytes: ask },
      { do: 'continue', fields: 'may' },
      { do: 'silence', ms: 700 },
      { do: 'send', bytes: FIVE },
      { do: 'final', status: ['2xx'], read: FIVE, interim: 'never' },
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
        { do: 'again' },
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
      { do: 'again' },
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
      { do: 'takes', bytes: '0123456789abcdef', times: 131_072 },
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
]
