// Bytes that belong nowhere, sizes beyond reason, and crowds.

import { asking, FIVE, head, OTHER } from './bytes.js'
import type { Http1Case, Step } from './case.js'
import { hostile } from './hostile.js'

/** A head that is not closed yet. */
const open = head({ length: 5 }).slice(0, -2)

/** However long or odd: an answer of any kind, or the close, and a server that lives. */
function survived(
  id: string,
  title: string,
  cites: readonly string[],
  start: string,
  bytes: string,
  times: number,
  tail: string,
): Http1Case {
  return hostile(id, 'hardening', title, cites, [
    { do: 'send', bytes: start },
    { do: 'send', bytes, times },
    { do: 'send', bytes: tail },
    { do: 'rejected', withinMs: 6000 },
    { do: 'alive' },
  ])
}

export const hostileBytes: readonly Http1Case[] = [
  hostile(
    'nul-in-expect',
    'hardening',
    'a NUL inside the expectation never brings a 100',
    ['RFC 9110 5.5'],
    [
      { do: 'send', bytes: head({ expect: '100-continue\0', length: 5 }) },
      { do: 'not-asked', content: FIVE },
    ],
  ),
  hostile(
    'control-in-expect',
    'hardening',
    'a control byte inside the expectation never brings a 100',
    ['RFC 9110 5.5'],
    [
      { do: 'send', bytes: head({ expect: '100\x01-continue', length: 5 }) },
      { do: 'not-asked', content: FIVE },
    ],
  ),
  hostile(
    'high-bytes',
    'hardening',
    'bytes over 0x7f inside the expectation never bring a 100',
    ['RFC 9110 5.5', 'RFC 9110 5.6.2'],
    [
      { do: 'send', bytes: head({ expect: '100-continue\xff', length: 5 }) },
      { do: 'not-asked', content: FIVE },
    ],
  ),
  hostile(
    'fold',
    'MUST',
    'a folded `Expect` is refused or unfolded, not waited on',
    ['RFC 9112 5.2'],
    [
      { do: 'send', bytes: head({ length: 5, lines: ['Expect:', ' 100-continue'] }) },
      { do: 'asked', content: FIVE },
    ],
  ),
  hostile(
    'fold-refused',
    'hardening',
    'a folded `Expect` is refused',
    ['RFC 9112 5.2', 'CVE-2025-32094'],
    [
      { do: 'send', bytes: head({ length: 5, lines: ['Expect:', ' 100-continue'] }) },
      { do: 'rejected' },
    ],
  ),
  hostile(
    'no-host',
    'MUST',
    'a request without `Host` is refused, `Expect` or not',
    ['RFC 9112 3.2: MUST respond with 400'],
    [
      { do: 'send', bytes: asking({ host: false }) },
      { do: 'final', status: [400], interim: 'may' },
    ],
  ),
  hostile(
    'no-host-no-interim',
    'hardening',
    'a request without `Host` gets no 100',
    ['RFC 9112 3.2'],
    [{ do: 'send', bytes: asking({ host: false }) }, { do: 'rejected' }],
  ),
  hostile(
    'two-hosts',
    'MUST',
    'a request with two `Host` lines is refused',
    ['RFC 9112 3.2: MUST respond with 400'],
    [
      { do: 'send', bytes: asking({ lines: ['Host: other'] }) },
      { do: 'final', status: [400], interim: 'may' },
    ],
  ),
  hostile(
    'chunk-size-junk',
    'MUST',
    'a chunk size that is none, after a 100: refused or closed',
    ['RFC 9112 7.1'],
    [
      { do: 'send', bytes: asking({ chunked: true }) },
      { do: 'continue', fields: 'may' },
      { do: 'send', bytes: `xyz\r\n${FIVE}\r\n0\r\n\r\n${OTHER}` },
      { do: 'rejected' },
      { do: 'closed' },
      { do: 'calls', id: '{id}-other', most: 0 },
    ],
  ),
  hostile(
    'chunk-size-overflow',
    'MUST',
    'a chunk size beyond all numbers, after a 100: refused or closed',
    ['RFC 9112 7.1: MUST anticipate'],
    [
      { do: 'send', bytes: asking({ chunked: true }) },
      { do: 'continue', fields: 'may' },
      { do: 'send', bytes: `1${'0'.repeat(20)}5\r\n${FIVE}\r\n0\r\n\r\n${OTHER}` },
      { do: 'rejected' },
      { do: 'closed' },
      { do: 'calls', id: '{id}-other', most: 0 },
    ],
  ),
  hostile(
    'chunk-without-end',
    'hardening',
    'a chunk that does not end with CRLF: refused or closed',
    ['RFC 9112 7.1'],
    [
      { do: 'send', bytes: asking({ chunked: true }) },
      { do: 'continue', fields: 'may' },
      { do: 'send', bytes: `3\r\n${FIVE}\r\n0\r\n\r\n${OTHER}` },
      { do: 'rejected' },
      { do: 'closed' },
      { do: 'calls', id: '{id}-other', most: 0 },
    ],
  ),
  survived(
    'huge-value',
    'an expectation of a megabyte is refused, and the server lives',
    ['RFC 9110 5.4'],
    `${open}Expect: `,
    'a'.repeat(1024),
    1024,
    '\r\n\r\n',
  ),
  survived(
    'many-fields',
    'ten thousand `Expect` lines are refused, and the server lives',
    ['RFC 9110 5.4'],
    open,
    'Expect: 100-continue\r\n',
    10_000,
    '\r\n',
  ),
  hostile(
    'many-members',
    'hardening',
    'a list of a thousand members is answered at once, never with a 100',
    ['RFC 9110 5.6.1', 'CWE-1333'],
    [
      { do: 'send', bytes: head({ expect: `${'a,'.repeat(1000)}b`, length: 5 }) },
      { do: 'not-asked', content: FIVE },
      { do: 'alive' },
    ],
  ),
  hostile(
    'many-empty',
    'hardening',
    'a thousand empty elements around 100-continue are answered at once',
    ['RFC 9110 5.6.1.2: a reasonable number', 'CWE-1333'],
    [
      {
        do: 'send',
        bytes: head({ expect: `${','.repeat(500)}100-continue${','.repeat(500)}`, length: 5 }),
      },
      { do: 'asked', content: FIVE },
    ],
  ),
  hostile(
    'many-parameters',
    'hardening',
    'a thousand parameters are answered at once, never with a 100',
    ['CWE-1333'],
    [
      { do: 'send', bytes: head({ expect: `a=b${';a=b'.repeat(1000)};!!`, length: 5 }) },
      { do: 'not-asked', content: FIVE },
      { do: 'alive' },
    ],
  ),
  hostile(
    'many-quotes',
    'hardening',
    'escapes in a quoted string without an end are answered at once, never with a 100',
    ['CWE-1333'],
    [
      { do: 'send', bytes: head({ expect: `foo="${'\\"'.repeat(1000)}`, length: 5 }) },
      { do: 'not-asked', content: FIVE },
      { do: 'alive' },
    ],
  ),
  hostile(
    'waiting-crowd',
    'hardening',
    'twenty clients that wait and never send harm nobody else',
    ['CWE-400'],
    [
      ...Array.from({ length: 20 }).flatMap((): Step[] => [
        { do: 'send', bytes: asking() },
        { do: 'continue', fields: 'may' },
        { do: 'connect' },
      ]),
      { do: 'alive' },
    ],
  ),
  hostile(
    'content-as-head',
    'MUST',
    'an upload as the content of a refused upload stays content',
    ['RFC 9112 6.2'],
    [
      { do: 'send', bytes: asking({ to: 'refuses', length: '{other.length}' }) },
      { do: 'send', bytes: OTHER + asking({ to: 'refuses' }) + FIVE },
      { do: 'final', status: ['4xx'], interim: 'may' },
      { do: 'calls', id: '{id}-other', most: 0 },
      { do: 'alive' },
    ],
    ['refuses'],
  ),
  hostile(
    'garbage-after-refusal',
    'hardening',
    'garbage after a refusal is not answered as a request',
    ['RFC 9112 9.6'],
    [
      { do: 'send', bytes: asking({ to: 'refuses' }) },
      { do: 'final', status: ['4xx'], interim: 'may' },
      { do: 'never-dispatched', bytes: '\x16\x03\x01 garbage \0\r\n\r\n' },
      { do: 'alive' },
    ],
    ['refuses'],
  ),
]
