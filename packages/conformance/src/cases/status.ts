// What the answer says: 417 speaks of expectations only, and required fields are not forgotten.

import { asking, chunks, FIVE, head } from './bytes.js'
import type { FieldRule, Http1Case, Level, Role, Statuses, Step } from './case.js'
import { http1 } from './define.js'

const area = 'status and fields'

function says(
  id: string,
  level: Level,
  title: string,
  cites: readonly string[],
  to: Role,
  fields: Readonly<Record<string, FieldRule>>,
  status: Statuses = ['error'],
  when?: number,
): Http1Case {
  const own = { typed: ['Content-Type: text/x-unwanted'], coded: ['Content-Encoding: x-unwanted'] }
  const lines = to === 'typed' || to === 'coded' ? own[to] : []
  const length = to === 'limit' ? '{limit+1}' : 5
  const long = to === 'limit' ? '{limit.content}x' : FIVE
  const content = to === 'lengthRequired' ? chunks(FIVE) : long
  const steps: readonly Step[] = [
    {
      do: 'send',
      bytes:
        to === 'lengthRequired' ? asking({ to, chunked: true }) : asking({ to, length, lines }),
    },
    { do: 'answered', status, fields, content, ...(when === undefined ? {} : { when }) },
  ]
  return http1(area, `status/${id}`, level, title, cites, [to], steps)
}

/** Without `Expect` the answer is the same: one policy, whether the client asked or not. */
function same(to: Role, status: Statuses, what: string): Http1Case {
  const lines = to === 'typed' ? ['Content-Type: text/x-unwanted'] : []
  return http1(
    area,
    `status/${to}-without-expect`,
    'hardening',
    `${what} is the same without \`Expect\`, and does not wait for content`,
    ['RFC 9112 9.5'],
    [to],
    [
      { do: 'send', bytes: head({ to, length: to === 'limit' ? '{limit+1}' : 5, lines }) },
      { do: 'final', status },
    ],
  )
}

export const statuses: readonly Http1Case[] = [
  says(
    'not-417-for-credentials',
    'hardening',
    '417 is no answer about credentials',
    ['RFC 9110 15.5.18'],
    'refuses',
    {},
    [400, 401, 403, 405, 407],
  ),
  says(
    'not-417-for-length',
    'hardening',
    'content over the limit gets 413, not 417',
    ['RFC 9110 15.5.14', 'RFC 9110 15.5.18'],
    'limit',
    {},
    [413],
  ),
  says(
    'not-417-for-type',
    'hardening',
    'a media type that is not taken gets 415, not 417',
    ['RFC 9110 15.5.16'],
    'typed',
    {},
    [415],
  ),
  says(
    'unauthorized-names-scheme',
    'MUST',
    '401 names a scheme',
    ['RFC 9110 15.5.2: MUST send WWW-Authenticate'],
    'refuses',
    { 'www-authenticate': true },
    ['4xx'],
    401,
  ),
  says(
    'method-names-methods',
    'MUST',
    '405 names the methods',
    ['RFC 9110 15.5.6: MUST generate Allow'],
    'methods',
    { allow: true },
    [405],
  ),
  says(
    'type-names-types',
    'MAY',
    '415 by media type names what is taken',
    ['RFC 9110 15.5.16'],
    'typed',
    { accept: true },
    [415],
  ),
  says(
    'coding-refused',
    'hardening',
    'a content coding that is not taken gets 415',
    ['RFC 9110 8.4: MAY respond with 415'],
    'coded',
    {},
    [415],
  ),
  says(
    'coding-names-codings',
    'SHOULD',
    '415 by content coding names what is taken',
    ['RFC 9110 15.5.16: ought to send Accept-Encoding'],
    'coded',
    { 'accept-encoding': true },
    [415],
  ),
  says(
    'length-required',
    'hardening',
    'a route that needs a length answers 411 to chunks',
    ['RFC 9110 15.5.12'],
    'lengthRequired',
    {},
    [411],
  ),
  says(
    'busy-tells-when',
    'MAY',
    '429 and 503 tell when to come again',
    ['RFC 9110 15.6.4', 'RFC 6585 4'],
    'busy',
    { 'retry-after': '^(\\d+|\\w{3}, .*GMT)$' },
    [429, 503],
  ),
  says('date', 'MUST', 'a refusal carries `Date`', ['RFC 9110 6.6.1'], 'refuses', { date: 'GMT$' }),
  says(
    'no-interim-fields',
    'MUST',
    'a refusal is framed: a length, chunks, or the close',
    ['RFC 9112 6.3'],
    'refuses',
    {},
  ),
  same('refuses', ['4xx'], 'a refusal by credentials'),
  same('limit', [413], 'a refusal by declared length'),
  same('typed', [415], 'a refusal by media type'),
  same('missing', [404], 'an unknown route'),
  http1(
    area,
    'status/no-echo',
    'hardening',
    'the value of `Expect` is not repeated to the client',
    ['RFC 9110 17.13'],
    ['reads'],
    [
      { do: 'send', bytes: head({ expect: 'sec-ret="<script>"', length: 5 }) + FIVE },
      { do: 'final', status: ['2xx', '4xx'], without: ['sec-ret', '<script>'] },
    ],
  ),
  http1(
    area,
    'status/no-stack',
    'hardening',
    'an error shows no stack and no path',
    ['CWE-209'],
    ['throws'],
    [
      { do: 'send', bytes: asking({ to: 'throws' }) },
      {
        do: 'answered',
        status: ['5xx'],
        content: FIVE,
        without: ['    at ', 'node_modules', '.js:', '/usr/'],
      },
    ],
  ),
  http1(
    area,
    'status/unmet-uncached',
    'MAY',
    '417 is not to be cached',
    ['RFC 9111 5.2.2.5'],
    ['reads'],
    [
      { do: 'send', bytes: head({ expect: 'something-else', length: 5 }) },
      { do: 'final', status: [417], fields: { 'cache-control': 'no-store' } },
    ],
  ),
  http1(
    area,
    'status/unmet-framed',
    'MAY',
    '417 says something to the reader',
    ['RFC 9110 15.5'],
    ['reads'],
    [
      { do: 'send', bytes: head({ expect: 'something-else', length: 5 }) },
      { do: 'final', status: [417], fields: { 'content-type': true } },
    ],
  ),
]
