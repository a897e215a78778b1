// Where content ends: trailers, extensions, bytes that look like an end, and ends that are none.

import { there } from './already-there.js'
import { asking, FIVE } from './bytes.js'
import type { Http1Case } from './case.js'

export const cutShort: readonly Http1Case[] = [
  there(
    'trailers',
    'MUST',
    'trailers after a 100 end the content',
    ['RFC 9112 7.1.2'],
    ['reads'],
    [
      { do: 'send', bytes: asking({ chunked: true }) },
      { do: 'continue', fields: 'may' },
      { do: 'send', bytes: `5\r\n${FIVE}\r\n0\r\nX-Check: 1\r\nX-More: 2\r\n\r\n` },
      { do: 'final', status: ['2xx'], read: FIVE },
      { do: 'sound' },
    ],
  ),
  there(
    'chunk-extensions',
    'MUST',
    'chunk extensions are ignored',
    ['RFC 9112 7.1.1'],
    ['reads'],
    [
      { do: 'send', bytes: asking({ chunked: true }) },
      { do: 'continue', fields: 'may' },
      { do: 'send', bytes: `5;name=value\r\n${FIVE}\r\n0\r\n\r\n` },
      { do: 'final', status: ['2xx'], read: FIVE },
      { do: 'sound' },
    ],
  ),
  there(
    'crlf-in-content',
    'MUST',
    'content that looks like the end of a head is content',
    ['RFC 9112 6.2'],
    ['reads'],
    [
      { do: 'send', bytes: asking({ length: 8 }) },
      { do: 'continue', fields: 'may' },
      { do: 'send', bytes: '\r\n\r\n\r\n\r\n' },
      { do: 'final', status: ['2xx'], read: '\r\n\r\n\r\n\r\n' },
      { do: 'sound' },
    ],
  ),
  there(
    'cut-short',
    'MUST',
    'content that ends before its length is not taken for whole',
    ['RFC 9112 8'],
    ['reads'],
    [
      { do: 'send', bytes: `${asking()}12` },
      { do: 'half-close' },
      { do: 'rejected', withinMs: 8000, interim: 'may' },
      { do: 'alive' },
    ],
  ),
  there(
    'cut-before-content',
    'MUST',
    'a client that closes its side after the head is not taken for done',
    ['RFC 9112 8'],
    ['reads'],
    [
      { do: 'send', bytes: asking() },
      { do: 'half-close' },
      { do: 'rejected', withinMs: 8000, interim: 'may' },
      { do: 'alive' },
    ],
  ),
  there(
    'cut-in-chunks',
    'MUST',
    'chunks without the last one are not taken for whole',
    ['RFC 9112 8'],
    ['reads'],
    [
      { do: 'send', bytes: asking({ chunked: true }) },
      { do: 'continue', fields: 'may' },
      { do: 'send', bytes: `5\r\n${FIVE}\r\n` },
      { do: 'half-close' },
      { do: 'rejected', withinMs: 8000 },
      { do: 'alive' },
    ],
  ),
]
