// Input made to be misread: framing that contradicts itself, bytes that belong nowhere, sizes.

import { asking, FIVE, head, OTHER } from './bytes.js'
import type { Http1Case, Level, Role, Step } from './case.js'
import { http1 } from './define.js'

const area = 'hostile input'

function hostile(
  id: string,
  level: Level,
  title: string,
  cites: readonly string[],
  steps: readonly Step[],
  needs: readonly Role[] = ['reads'],
): Http1Case {
  return http1(area, `hostile/${id}`, level, title, cites, needs, steps)
}

/** Refused or closed without a 100; a request that stands behind is not served. */
function faulty(
  id: string,
  title: string,
  cites: readonly string[],
  lines: readonly string[],
  level: Level = 'MUST',
  content: string = FIVE,
): Http1Case {
  return hostile(id, level, title, cites, [
    { do: 'send', bytes: head({ expect: '100-continue', lines }) },
    { do: 'pause', ms: 40 },
    { do: 'send', bytes: content + OTHER },
    { do: 'rejected', interim: 'may' },
    { do: 'closed' },
    { do: 'calls', id: '{id}-other', most: 0 },
  ])
}

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

const smuggling = ['RFC 9112 6.1', 'RFC 9112 6.3', 'RFC 9112 11.2']
const badLength = ['RFC 9112 6.3: unrecoverable error', 'RFC 9110 8.6']
/** A head that is not closed yet. */
const open = head({ length: 5 }).slice(0, -2)

export const hostiles: readonly Http1Case[] = [
  hostile(
    'length-and-chunked',
    'MUST',
    'both Content-Length and Transfer-Encoding: refused, or answered and closed',
    smuggling,
    [
      { do: 'send', bytes: head({ expect: '100-continue', length: 5, chunked: true }) },
      { do: 'pause', ms: 40 },
      { do: 'send', bytes: `0\r\n\r\n${OTHER}` },
      { do: 'final', interim: 'may' },
      { do: 'closed' },
      { do: 'calls', id: '{id}-other', most: 0 },
    ],
  ),
  hostile(
    'length-and-chunked-refused',
    'hardening',
    'both Content-Length and Transfer-Encoding are refused',
    smuggling,
    [
      {
        do: 'send',
        bytes: `${head({ expect: '100-continue', length: 5, chunked: true })}0\r\n\r\n`,
      },
      { do: 'rejected' },
    ],
  ),
  faulty('two-lengths', 'two different lengths are refused', badLength, [
    'Content-Length: 5',
    'Content-Length: 6',
  ]),
  faulty('length-list', 'a list of different lengths is refused', badLength, [
    'Content-Length: 5, 6',
  ]),
  faulty('length-plus', 'a length with a sign is refused', badLength, ['Content-Length: +5']),
  faulty('length-minus', 'a negative length is refused', badLength, ['Content-Length: -5']),
  faulty('length-hex', 'a length in hexadecimal is refused', badLength, ['Content-Length: 0x5']),
  faulty('length-inner-space', 'a length with a space inside is refused', badLength, [
    'Content-Length: 5 5',
  ]),
  faulty('length-word', 'a length that is a word is refused', badLength, ['Content-Length: five']),
  faulty('length-fraction', 'a length with a fraction is refused', badLength, [
    'Content-Length: 5.0',
  ]),
  faulty(
    'length-overflow',
    'a length of thirty digits is refused',
    [...badLength, 'RFC 9110 8.6: overflow'],
    ['Content-Length: 999999999999999999999999999999'],
    'hardening',
  ),
  faulty('coding-unknown', 'a transfer coding nobody knows is refused', smuggling, [
    'Transfer-Encoding: xchunked',
  ]),
  faulty('coding-chunked-first', 'chunked that is not the last coding is refused', smuggling, [
    'Transfer-Encoding: chunked, identity',
  ]),
  faulty(
    'coding-quoted',
    'a transfer coding in quotes is refused',
    smuggling,
    ['Transfer-Encoding: "chunked"'],
    'hardening',
  ),
  hostile(
    'coding-no-interim',
    'hardening',
    'a transfer coding nobody knows gets no 100',
    smuggling,
    [
      {
        do: 'send',
        bytes: head({ expect: '100-continue', lines: ['Transfer-Encoding: xchunked'] }),
      },
      { do: 'pause', ms: 40 },
      { do: 'send', bytes: FIVE },
      { do: 'rejected' },
    ],
  ),
  hostile(
    'lengths-no-interim',
    'hardening',
    'lengths that contradict each other get no 100',
    badLength,
    [
      {
        do: 'send',
        bytes: head({ expect: '100-continue', lines: ['Content-Length: 5', 'Content-Length: 6'] }),
      },
      { do: 'rejected' },
    ],
  ),
  faulty(
    'space-before-colon',
    'a space before the colon of `Expect` is refused',
    ['RFC 9112 5.1: MUST reject'],
    ['Expect : 100-continue', 'Content-Length: 5'],
  ),
  faulty(
    'space-in-name',
    'a space in a field name is refused',
    ['RFC 9110 5.1'],
    ['Exp ect: 100-continue', 'Content-Length: 5'],
    'hardening',
  ),
  faulty(
    'no-colon',
    'a field line without a colon is refused',
    ['RFC 9112 5'],
    ['Expect 100-continue', 'Content-Length: 5'],
    'hardening',
  ),
  faulty(
    'nul-in-value',
    'a NUL in the value is refused',
    ['RFC 9110 5.5'],
    ['Content-Length: 5', 'X-Value: a\0b'],
    'hardening',
  ),
  faulty(
    'bare-cr',
    'a bare CR in a value is refused',
    ['RFC 9112 2.2', 'RFC 9110 5.5'],
    ['Content-Length: 5', 'X-Value: a\rX-Other: b'],
    'hardening',
  ),
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
