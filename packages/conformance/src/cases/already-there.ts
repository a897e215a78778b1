// The client did not wait: content is there with the head, or before the server has decided.

import { asking, chunks, FIVE, head, OTHER } from './bytes.js'
import type { Http1Case, Level, Role, Step } from './case.js'
import { http1 } from './define.js'

const area = 'content already there'
const omit = ['RFC 9110 10.1.1: MAY omit the 100']

export function there(
  id: string,
  level: Level,
  title: string,
  cites: readonly string[],
  needs: readonly Role[],
  steps: readonly Step[],
): Http1Case {
  return http1(area, `already-there/${id}`, level, title, cites, needs, steps)
}

const read = (content: string): Step => ({
  do: 'final',
  status: ['2xx'],
  read: content,
  interim: 'may',
})

export const alreadyThere: readonly Http1Case[] = [
  there(
    'whole',
    'MUST',
    'content in the segment of the head is read',
    omit,
    ['reads'],
    [{ do: 'send', bytes: asking() + FIVE }, read(FIVE), { do: 'sound' }],
  ),
  there(
    'whole-kept',
    'hardening',
    'content that came whole without a 100 leaves the connection usable',
    ['RFC 9112 9.3', 'golang/go#11549'],
    ['reads'],
    [{ do: 'send', bytes: asking() + FIVE }, read(FIVE), { do: 'serves' }],
  ),
  there(
    'whole-no-interim',
    'MAY',
    'no 100 when all content is there',
    omit,
    ['reads'],
    [
      { do: 'send', bytes: asking() + FIVE },
      { do: 'final', status: ['2xx'], read: FIVE },
    ],
  ),
  there(
    'whole-chunked',
    'MUST',
    'chunked content in the segment of the head is read',
    omit,
    ['reads'],
    [
      { do: 'send', bytes: asking({ chunked: true }) + chunks('ab', 'cde') },
      read('abcde'),
      { do: 'sound' },
    ],
  ),
  there(
    'next-segment',
    'MUST',
    'content right behind the head is read',
    omit,
    ['reads'],
    [{ do: 'send', bytes: asking() }, { do: 'send', bytes: FIVE }, read(FIVE), { do: 'sound' }],
  ),
  there(
    'partial',
    'MUST',
    'content that has begun with the head is read to its end',
    omit,
    ['reads'],
    [
      { do: 'send', bytes: `${asking()}12` },
      { do: 'pause', ms: 60 },
      { do: 'send', bytes: '345' },
      read(FIVE),
      { do: 'sound' },
    ],
  ),
  there(
    'partial-chunk',
    'MUST',
    'a chunk that has begun with the head is read to its end',
    omit,
    ['reads'],
    [
      { do: 'send', bytes: `${asking({ chunked: true })}5\r\n12` },
      { do: 'pause', ms: 60 },
      { do: 'send', bytes: '345\r\n0\r\n\r\n' },
      read(FIVE),
      { do: 'sound' },
    ],
  ),
  there(
    'dripping',
    'MUST',
    'content that drips in without waiting is read',
    omit,
    ['reads'],
    [
      { do: 'send', bytes: asking({ length: 10 }) },
      { do: 'drip', bytes: 'abcdefghij', gapMs: 15 },
      read('abcdefghij'),
      { do: 'sound' },
    ],
  ),
  there(
    'large',
    'MUST',
    'a megabyte right behind the head is read whole',
    omit,
    ['reads'],
    [
      { do: 'takes', bytes: '0123456789abcdef', times: 65_536 },
      { do: 'send', bytes: asking({ length: 1_048_576 }) },
      { do: 'send', bytes: '0123456789abcdef', times: 65_536 },
      {
        do: 'final',
        status: ['2xx'],
        read: '0123456789abcdef',
        readTimes: 65_536,
        interim: 'may',
        withinMs: 8000,
      },
      { do: 'sound' },
    ],
  ),
  there(
    'with-next-request',
    'MUST',
    'content and the next request in one segment: two answers in order',
    ['RFC 9112 9.3.2'],
    ['reads'],
    [
      { do: 'send', bytes: asking() + FIVE + OTHER },
      read(FIVE),
      { do: 'final-in-turn', status: ['2xx'] },
      { do: 'sound' },
    ],
  ),
  there(
    'two-uploads',
    'MUST',
    'two uploads with their content in one segment: two answers in order',
    ['RFC 9112 9.3.2'],
    ['reads'],
    [
      { do: 'send', bytes: `${asking()}${FIVE}${asking()}67890` },
      read(FIVE),
      { do: 'final-in-turn', status: ['2xx'], read: '67890', interim: 'may' },
      { do: 'sound' },
    ],
  ),
  there(
    'behind-a-request',
    'MUST',
    'the 100 of a request does not overtake the answer before it',
    ['RFC 9112 9.3.2', 'RFC 9110 15.2'],
    ['reads'],
    [
      { do: 'send', bytes: OTHER + asking() },
      { do: 'final', status: ['2xx'] },
      { do: 'continue', fields: 'may' },
      { do: 'send', bytes: FIVE },
      { do: 'final', status: ['2xx'], read: FIVE },
      { do: 'sound' },
    ],
  ),
  there(
    'behind-a-slow-request',
    'MUST',
    'the 100 of a request waits for the answer of a slow one before it',
    ['RFC 9112 9.3.2'],
    ['slow', 'reads'],
    [
      { do: 'send', bytes: head({ to: 'slow', length: 5 }) + FIVE + asking() },
      { do: 'final', status: ['2xx'], read: FIVE },
      { do: 'continue', fields: 'may' },
      { do: 'send', bytes: FIVE },
      { do: 'final', status: ['2xx'], read: FIVE },
      { do: 'sound' },
    ],
  ),
  there(
    'refused',
    'MUST',
    'refused, though the content is there: one response, a sound connection',
    ['RFC 9112 9.3'],
    ['refuses'],
    [
      { do: 'send', bytes: asking({ to: 'refuses' }) + FIVE },
      { do: 'answered', status: ['4xx'], content: '' },
      { do: 'sound' },
    ],
  ),
  there(
    'refused-partial',
    'MUST',
    'refused with half of the content there: a sound connection',
    ['RFC 9112 9.3'],
    ['refuses'],
    [
      { do: 'send', bytes: `${asking({ to: 'refuses' })}12` },
      { do: 'answered', status: ['4xx'], content: '345' },
      { do: 'sound' },
    ],
  ),
  there(
    'refused-chunk',
    'MUST',
    'refused in the middle of a chunk: a sound connection',
    ['RFC 9112 9.3'],
    ['refuses'],
    [
      { do: 'send', bytes: `${asking({ to: 'refuses', chunked: true })}5\r\n12` },
      { do: 'answered', status: ['4xx'], content: '345\r\n0\r\n\r\n' },
      { do: 'sound' },
    ],
  ),
]
