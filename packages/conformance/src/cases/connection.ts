// What becomes of the connection after an early answer: everything read, or closed, and nothing that
// was content is ever taken for a request. Most desync attacks and poisoned pools start here.

import { asking, FIVE, head, OTHER } from './bytes.js'
import type { Http1Case, Level, Role, Step } from './case.js'
import { http1 } from './define.js'

const area = 'connection'
export const readOrClose = ['RFC 9112 9.3: MUST read the entire content or close']

export function connection(
  id: string,
  level: Level,
  title: string,
  cites: readonly string[],
  needs: readonly Role[],
  steps: readonly Step[],
): Http1Case {
  return http1(area, `connection/${id}`, level, title, cites, needs, steps)
}

/** Answered, from the head or not; what content the server did not want is left for `sound`. */
export const early = (content: string): Step => ({
  do: 'answered',
  status: ['2xx', 'error'],
  content,
})

/** The same questions for every way of answering early. */
function afterwards(role: Role, what: string): readonly Http1Case[] {
  const bytes = asking({
    to: role,
    length: role === 'limit' ? '{limit+1}' : 5,
    lines: role === 'typed' ? ['Content-Type: text/x-unwanted'] : [],
  })
  const rest = role === 'limit' ? undefined : FIVE
  return [
    ...(rest === undefined
      ? []
      : [
          connection(
            `${role}-then-content`,
            'MUST',
            `${what}, then content and a request: the connection is sound`,
            readOrClose,
            [role],
            [{ do: 'send', bytes }, early(rest), { do: 'sound' }],
          ),
        ]),
    connection(
      `${role}-then-request`,
      'MUST',
      `${what}, then a request instead of content: it is never served`,
      ['RFC 9112 6.2', 'RFC 9112 9.6', 'CVE-2024-24791', 'golang/go#67555'],
      [role],
      [
        {
          do: 'send',
          bytes: asking({
            to: role,
            length: role === 'limit' ? '{limit+1}' : 100_000,
            lines: role === 'typed' ? ['Content-Type: text/x-unwanted'] : [],
          }),
        },
        early(''),
        { do: 'never-dispatched', bytes: OTHER },
      ],
    ),
  ]
}

const smuggled = (to: Role, chunked: boolean): string =>
  chunked
    ? `${asking({ to, chunked: true })}{other.hex}\r\n${OTHER}\r\n0\r\n\r\n`
    : asking({ to, length: '{other.length}' }) + OTHER

export const connections: readonly Http1Case[] = [
  ...afterwards('refuses', 'refused by credentials'),
  ...afterwards('limit', 'refused by declared length'),
  ...afterwards('missing', 'an unknown route'),
  ...afterwards('early', '2xx without reading'),
  ...afterwards('throws', 'an error before reading'),
  ...afterwards('typed', 'refused by media type'),
  ...afterwards('methods', 'a method that is not allowed'),
  connection(
    'unknown-then-content',
    'MUST',
    'an unknown expectation, then content and a request: the connection is sound',
    [...readOrClose, 'nodejs/node: default 417'],
    ['reads'],
    [
      { do: 'send', bytes: head({ expect: 'something-else', length: 5 }) },
      { do: 'not-asked', content: FIVE },
    ],
  ),
  connection(
    'unknown-then-request',
    'MUST',
    'an unknown expectation, then a request instead of content: it is never served',
    ['RFC 9112 6.2', 'curl/curl#4949'],
    ['reads'],
    [
      { do: 'send', bytes: head({ expect: 'something-else', length: 100_000 }) },
      { do: 'never-dispatched', bytes: OTHER },
    ],
  ),
  connection(
    'smuggled-length',
    'MUST',
    'a request inside the content of a refused one stays content',
    ['RFC 9112 6.2', 'HTTP/1.1 must die: the desync endgame (2025)'],
    ['refuses'],
    [
      { do: 'send', bytes: smuggled('refuses', false) },
      early(''),
      { do: 'calls', id: '{id}-other', most: 0 },
      { do: 'sound' },
    ],
  ),
  connection(
    'smuggled-chunk',
    'MUST',
    'a request inside a chunk of a refused one stays content',
    ['RFC 9112 7.1'],
    ['refuses'],
    [
      { do: 'send', bytes: smuggled('refuses', true) },
      early(''),
      { do: 'calls', id: '{id}-other', most: 0 },
      { do: 'sound' },
    ],
  ),
  connection(
    'smuggled-later',
    'MUST',
    'a request inside content that comes after the refusal stays content',
    ['RFC 9112 6.2'],
    ['refuses'],
    [
      { do: 'send', bytes: asking({ to: 'refuses', length: '{other.length}' }) },
      early(OTHER),
      { do: 'sound' },
      { do: 'calls', id: '{id}-other', most: 1 },
    ],
  ),
  connection(
    'smuggled-unknown',
    'MUST',
    'a request inside the content beside an unknown expectation stays content',
    ['RFC 9112 6.2'],
    ['reads'],
    [
      { do: 'send', bytes: head({ expect: 'something-else', length: '{other.length}' }) + OTHER },
      { do: 'final', status: ['2xx', 417] },
      { do: 'calls', id: '{id}-other', most: 0 },
      { do: 'sound' },
    ],
  ),
  connection(
    'smuggled-read',
    'MUST',
    'a request inside content that is read stays content',
    ['RFC 9112 6.2'],
    ['reads'],
    [
      { do: 'send', bytes: asking({ length: '{other.length}' }) + OTHER },
      { do: 'final', status: ['2xx'], read: OTHER, interim: 'may' },
      { do: 'calls', id: '{id}-other', most: 0 },
      { do: 'sound' },
    ],
  ),
  connection(
    'pipelined-behind-refusal',
    'MUST',
    'a request in the segment of a refused one with its content: served in turn, or not at all',
    ['RFC 9112 9.6: MUST NOT process'],
    ['refuses'],
    [{ do: 'send', bytes: asking({ to: 'refuses' }) + FIVE }, early(''), { do: 'sound' }],
  ),
]
