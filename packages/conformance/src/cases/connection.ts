// What becomes of the connection after an early answer: everything read, or closed, and nothing that
// was content is ever taken for a request. Most desync attacks and poisoned pools start here.

import { asking, FIVE, head, OTHER } from './bytes.js'
import type { Http1Case, Level, Role, Step } from './case.js'
import { http1 } from './define.js'

const area = 'connection'
const readOrClose = ['RFC 9112 9.3: MUST read the entire content or close']

function connection(
  id: string,
  level: Level,
  title: string,
  cites: readonly string[],
  needs: readonly Role[],
  steps: readonly Step[],
): Http1Case {
  return http1(area, `connection/${id}`, level, title, cites, needs, steps)
}

const early = (over: { readonly interim?: 'may' } = { interim: 'may' }): Step => ({
  do: 'final',
  status: ['2xx', 'error'],
  ...over,
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
            [{ do: 'send', bytes }, early(), { do: 'sound', rest }],
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
        early(),
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
      early(),
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
      early(),
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
      early(),
      { do: 'send', bytes: OTHER },
      { do: 'pause', ms: 50 },
      { do: 'calls', id: '{id}-other', most: 0 },
      { do: 'sound' },
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
    [{ do: 'send', bytes: asking({ to: 'refuses' }) + FIVE }, early(), { do: 'sound' }],
  ),
  connection(
    'says-close',
    'SHOULD',
    'a server that closes after an early answer says so',
    ['RFC 9112 9.6: SHOULD send close', 'RFC 9110 10.1.1: SHOULD indicate'],
    ['refuses'],
    [
      { do: 'send', bytes: asking({ to: 'refuses' }) },
      early(),
      { do: 'sound', rest: FIVE, says: true },
    ],
  ),
  connection(
    'limit-says-close',
    'SHOULD',
    'a server that closes after 413 says so',
    ['RFC 9112 9.6: SHOULD send close', 'RFC 9110 15.5.14'],
    ['limit'],
    [
      { do: 'send', bytes: asking({ to: 'limit', length: '{limit+1}' }) },
      { do: 'final', status: ['error'], interim: 'may' },
      { do: 'sound', rest: '{limit.content}x', says: true },
    ],
  ),
  connection(
    'huge-length',
    'hardening',
    'a refusal of a huge upload is not paid for with its content: the connection closes',
    ['RFC 9110 15.5.14', 'nodejs/node#9085'],
    ['refuses'],
    [
      { do: 'send', bytes: asking({ to: 'refuses', length: 50_000_000_000 }) },
      { do: 'final', status: ['4xx'], fields: { connection: 'close' } },
      { do: 'closed' },
    ],
  ),
  connection(
    'not-reset',
    'hardening',
    'a client that still sends after the refusal is not cut off with a reset',
    ['RFC 9112 9.6: staged close', 'nodejs/node#12339', 'honojs/node-server#327'],
    ['refuses'],
    [
      { do: 'send', bytes: asking({ to: 'refuses', length: 1_000_000 }) },
      early(),
      { do: 'not-reset', bytes: 'x'.repeat(20_000), times: 10 },
    ],
  ),
  connection(
    'not-reset-unasked',
    'hardening',
    'a client that never asked, and still sends after the refusal, is not cut off',
    ['RFC 9112 9.6: staged close', 'nodejs/node#64272'],
    ['refuses'],
    [
      { do: 'send', bytes: head({ to: 'refuses', length: 1_000_000 }) + 'x'.repeat(20_000) },
      early(),
      { do: 'not-reset', bytes: 'x'.repeat(20_000), times: 10 },
    ],
  ),
  connection(
    'flood',
    'hardening',
    'a client that sends four megabytes before it reads still finds the answer',
    ['RFC 9112 9.6: staged close', 'nodejs/node#9085'],
    ['refuses'],
    [
      { do: 'send', bytes: asking({ to: 'refuses', length: 4_000_000 }) },
      { do: 'send', bytes: 'x'.repeat(1000), times: 4000 },
      early(),
      { do: 'alive' },
    ],
  ),
  connection(
    'client-close',
    'MUST',
    "the client's own close is respected",
    ['RFC 9112 9.6'],
    ['reads'],
    [
      { do: 'send', bytes: asking({ lines: ['Connection: close'] }) },
      { do: 'continue', fields: 'may' },
      { do: 'send', bytes: FIVE },
      { do: 'final', status: ['2xx'], read: FIVE },
      { do: 'send', bytes: OTHER },
      { do: 'closed' },
    ],
  ),
  connection(
    'client-close-refused',
    'MUST',
    "the client's own close is respected by a refusal",
    ['RFC 9112 9.6'],
    ['refuses'],
    [
      { do: 'send', bytes: asking({ to: 'refuses', lines: ['Connection: close'] }) },
      early(),
      { do: 'send', bytes: FIVE + OTHER },
      { do: 'closed' },
    ],
  ),
  connection(
    'closes-soon',
    'hardening',
    'after a response that says close, FIN comes within three seconds',
    ['RFC 9112 9.6: MUST initiate closure'],
    ['refuses'],
    [
      { do: 'send', bytes: asking({ to: 'refuses', lines: ['Connection: close'] }) },
      early(),
      { do: 'closed', withinMs: 3000 },
    ],
  ),
  connection(
    'kept-after-refusal-that-read',
    'MUST',
    'a refusal after all content was read leaves a sound connection',
    readOrClose,
    ['readsThenRefuses'],
    [
      { do: 'send', bytes: asking({ to: 'readsThenRefuses' }) },
      { do: 'continue', fields: 'may' },
      { do: 'send', bytes: FIVE },
      { do: 'final', status: ['4xx'] },
      { do: 'sound' },
    ],
  ),
  connection(
    'half-read',
    'MUST',
    'a refusal in the middle of the content leaves a sound connection',
    readOrClose,
    ['partial'],
    [
      { do: 'send', bytes: asking({ to: 'partial', length: 10 }) },
      { do: 'continue', fields: 'may' },
      { do: 'send', bytes: FIVE },
      { do: 'final', status: ['4xx'] },
      { do: 'sound', rest: '67890' },
    ],
  ),
  connection(
    'half-read-chunked',
    'MUST',
    'a refusal in the middle of chunked content leaves a sound connection',
    readOrClose,
    ['partial'],
    [
      { do: 'send', bytes: asking({ to: 'partial', chunked: true }) },
      { do: 'continue', fields: 'may' },
      { do: 'send', bytes: `5\r\n${FIVE}\r\n` },
      { do: 'final', status: ['4xx'] },
      { do: 'sound', rest: '5\r\n67890\r\n0\r\n\r\n' },
    ],
  ),
  connection(
    'limit-reached',
    'MUST',
    'content of exactly the limit is taken',
    ['RFC 9110 15.5.14'],
    ['limit'],
    [
      { do: 'send', bytes: asking({ to: 'limit', length: '{limit}' }) },
      { do: 'asked', content: '{limit.content}' },
    ],
  ),
  connection(
    'limit-chunked',
    'MUST',
    'chunked content over the limit is refused while it comes',
    ['RFC 9110 15.5.14', 'dimdenGD/ultimate-express#356'],
    ['limit'],
    [
      { do: 'send', bytes: asking({ to: 'limit', chunked: true }) },
      { do: 'pause', ms: 50 },
      { do: 'send', bytes: '{limit.chunks}' },
      { do: 'rejected', interim: 'may' },
      { do: 'alive' },
    ],
  ),
  connection(
    'reset-while-waiting',
    'hardening',
    'a client that resets while it waits harms nobody',
    ['nodejs/node#58140'],
    ['reads'],
    [{ do: 'send', bytes: asking() }, { do: 'pause', ms: 20 }, { do: 'reset' }, { do: 'alive' }],
  ),
  connection(
    'reset-in-content',
    'hardening',
    'a client that resets in its content harms nobody',
    ['RFC 9112 8'],
    ['reads'],
    [
      { do: 'send', bytes: asking({ length: 1000 }) },
      { do: 'continue', fields: 'may' },
      { do: 'send', bytes: FIVE },
      { do: 'reset' },
      { do: 'alive' },
    ],
  ),
  connection(
    'reset-after-refusal',
    'hardening',
    'a client that resets after a refusal harms nobody',
    ['RFC 9112 9.6'],
    ['refuses'],
    [{ do: 'send', bytes: asking({ to: 'refuses' }) }, early(), { do: 'reset' }, { do: 'alive' }],
  ),
  connection(
    'reset-in-slow',
    'hardening',
    'a client that resets while a route decides harms nobody',
    ['RFC 9112 9.6'],
    ['slow'],
    [
      { do: 'send', bytes: asking({ to: 'slow' }) },
      { do: 'pause', ms: 20 },
      { do: 'reset' },
      { do: 'pause', ms: 400 },
      { do: 'alive' },
    ],
  ),
]
