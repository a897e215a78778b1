// Input made to be misread: framing that contradicts itself, bytes that belong nowhere, sizes.

import { FIVE, head, OTHER } from './bytes.js'
import type { Http1Case, Level, Role, Step } from './case.js'
import { http1 } from './define.js'

const area = 'hostile input'

export function hostile(
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

const smuggling = ['RFC 9112 6.1', 'RFC 9112 6.3', 'RFC 9112 11.2']
const badLength = ['RFC 9112 6.3: unrecoverable error', 'RFC 9110 8.6']

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
  hostile(
    'space-before-colon',
    'MUST',
    'a space before the colon of `Expect` is refused',
    ['RFC 9112 5.1: MUST reject'],
    [
      { do: 'send', bytes: head({ lines: ['Expect : 100-continue', 'Content-Length: 5'] }) + FIVE },
      { do: 'rejected', interim: 'may' },
      { do: 'sound' },
    ],
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
]
