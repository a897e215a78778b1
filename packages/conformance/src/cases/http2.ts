// Over HTTP/2: a 100 is a HEADERS frame without END_STREAM, a refusal ends its stream and nothing else.

import { FIVE } from './bytes.js'
import type { Http2Case, Http2Fields, Http2Step, Role } from './case.js'
import { http2 } from './define.js'

const ask: Http2Fields = { expect: '100-continue' }
const sized: Http2Fields = { expect: '100-continue', 'content-length': '5' }

const request = (to: Role, fields: Http2Fields = ask, stream = 'a'): Http2Step => ({
  do: 'request',
  stream,
  to,
  fields,
})
const upload = (fields: Http2Fields, stream = 'a'): readonly Http2Step[] => [
  request('reads', fields, stream),
  { do: 'continue', stream },
  { do: 'data', stream, bytes: FIVE, end: true },
  { do: 'final', stream, status: ['2xx'], read: FIVE },
]
const value = ['RFC 9110 10.1.1', 'RFC 9113 8.1']
const refused = (stream = 'a'): Http2Step => ({
  do: 'final',
  stream,
  status: ['error'],
  interim: 'may',
})

function differs(id: string, ...lines: readonly string[]): Http2Case {
  return http2(
    `http2/${id}`,
    'hardening',
    `\`expect: ${lines.join(' / ')}\` never brings a 100`,
    value,
    ['reads'],
    [
      request('reads', { expect: lines }),
      { do: 'not-asked', stream: 'a', content: FIVE },
      { do: 'serves' },
    ],
  )
}

export const http2Cases: readonly Http2Case[] = [
  http2(
    'http2/plain',
    'MUST',
    '`expect: 100-continue` brings one 100 before the content',
    value,
    ['reads'],
    upload(ask),
  ),
  http2(
    'http2/with-length',
    'MUST',
    'a declared length beside it',
    value,
    ['reads'],
    upload(sized),
  ),
  http2(
    'http2/upper-case',
    'MUST',
    'the value is compared without case',
    value,
    ['reads'],
    upload({ expect: '100-CONTINUE' }),
  ),
  http2(
    'http2/empty-elements',
    'MUST',
    'empty elements around it',
    ['RFC 9110 5.6.1.2'],
    ['reads'],
    upload({ expect: ', 100-continue ,' }),
  ),
  http2(
    'http2/twice',
    'MUST',
    '100-continue twice is answered from the head',
    value,
    ['reads'],
    [
      request('reads', { expect: '100-continue, 100-continue' }),
      { do: 'asked', stream: 'a', content: FIVE },
    ],
  ),
  differs('prefixed-word', 'y 100-continue'),
  differs('parameter', '100-continue;q=1'),
  differs('quoted', '"100-continue"'),
  differs('inside-quotes', 'foo="a, 100-continue"'),
  differs('unknown', 'something-else'),
  http2(
    'http2/not-asked',
    'hardening',
    'no `expect`, no 100',
    ['RFC 9110 15.2.1'],
    ['reads'],
    [
      request('reads', {}),
      { do: 'silence', stream: 'a', ms: 150 },
      { do: 'data', stream: 'a', bytes: FIVE, end: true },
      { do: 'final', stream: 'a', status: ['2xx'], read: FIVE },
    ],
  ),
  http2(
    'http2/no-content',
    'hardening',
    'no 100 when the head ends the stream',
    value,
    ['hello'],
    [
      { do: 'request', stream: 'a', to: 'hello', fields: ask, end: true },
      { do: 'final', stream: 'a', status: ['2xx'] },
    ],
  ),
  http2(
    'http2/no-content-answered',
    'MUST',
    'a request that is over with its head is answered',
    value,
    ['hello'],
    [
      { do: 'request', stream: 'a', to: 'hello', fields: ask, end: true },
      { do: 'final', stream: 'a', status: ['2xx'], interim: 'may' },
      { do: 'over', stream: 'a' },
    ],
  ),
  http2(
    'http2/already-there',
    'MUST',
    'content that did not wait is read, at most one 100',
    value,
    ['reads'],
    [
      request('reads'),
      { do: 'data', stream: 'a', bytes: FIVE, end: true },
      { do: 'final', stream: 'a', status: ['2xx'], read: FIVE, interim: 'may' },
      { do: 'over', stream: 'a' },
    ],
  ),
  http2(
    'http2/large',
    'MUST',
    'a megabyte after a 100 arrives whole',
    ['RFC 9113 6.9'],
    ['reads'],
    [
      { do: 'takes', bytes: '0123456789abcdef', times: 65_536 },
      request('reads'),
      { do: 'continue', stream: 'a' },
      { do: 'data', stream: 'a', bytes: '0123456789abcdef', times: 65_536, end: true },
      {
        do: 'final',
        stream: 'a',
        status: ['2xx'],
        read: '0123456789abcdef',
        readTimes: 65_536,
        withinMs: 8000,
      },
    ],
  ),
  http2(
    'http2/refused',
    'MUST',
    'a refusal arrives whole, and the connection serves on',
    ['RFC 9113 8.1'],
    ['refuses'],
    [request('refuses'), refused(), { do: 'serves' }],
  ),
  http2(
    'http2/refused-no-interim',
    'hardening',
    'a refusal known from the head comes without a 100',
    value,
    ['refuses'],
    [request('refuses'), { do: 'final', stream: 'a', status: ['error'] }],
  ),
  http2(
    'http2/refused-over',
    'hardening',
    'a refusal ends its stream also towards the client, which never sent content',
    ['RFC 9113 8.1: RST_STREAM NO_ERROR'],
    ['refuses'],
    [request('refuses'), refused(), { do: 'over', stream: 'a' }],
  ),
  http2(
    'http2/refused-then-content',
    'MUST',
    'content after a refusal harms no other stream',
    ['RFC 9113 5.1'],
    ['refuses'],
    [
      request('refuses'),
      refused(),
      { do: 'data', stream: 'a', bytes: FIVE, end: true },
      { do: 'serves' },
    ],
  ),
  http2(
    'http2/limit',
    'SHOULD',
    'content over the limit gets 413 from the head',
    ['RFC 9110 15.5.14'],
    ['limit'],
    [
      request('limit', { expect: '100-continue', 'content-length': '{limit+1}' }),
      { do: 'final', stream: 'a', status: [413], interim: 'may' },
      { do: 'serves' },
    ],
  ),
  http2(
    'http2/missing',
    'MUST',
    'an unknown route is answered from the head',
    value,
    ['missing'],
    [
      request('missing'),
      { do: 'final', stream: 'a', status: [404], interim: 'may' },
      { do: 'serves' },
    ],
  ),
  http2(
    'http2/no-connection-fields',
    'MUST',
    'no `connection` field, whatever happens',
    ['RFC 9113 8.2.2'],
    ['refuses'],
    [
      request('refuses'),
      {
        do: 'final',
        stream: 'a',
        interim: 'may',
        fields: { connection: false, 'keep-alive': false, 'transfer-encoding': false },
      },
    ],
  ),
  http2(
    'http2/parallel',
    'MUST',
    'three streams at once: each gets its own 100 and its own answer',
    ['RFC 9113 5'],
    ['reads'],
    [
      request('reads', ask, 'a'),
      request('reads', ask, 'b'),
      request('reads', ask, 'c'),
      { do: 'continue', stream: 'a' },
      { do: 'continue', stream: 'b' },
      { do: 'continue', stream: 'c' },
      { do: 'data', stream: 'c', bytes: 'c', end: true },
      { do: 'data', stream: 'b', bytes: 'bb', end: true },
      { do: 'data', stream: 'a', bytes: 'aaa', end: true },
      { do: 'final', stream: 'a', status: ['2xx'], read: 'aaa' },
      { do: 'final', stream: 'b', status: ['2xx'], read: 'bb' },
      { do: 'final', stream: 'c', status: ['2xx'], read: 'c' },
    ],
  ),
  http2(
    'http2/window-given-back',
    'hardening',
    'content of refused streams does not use up the window of the connection',
    ['RFC 9113 6.9.1'],
    ['refuses', 'reads'],
    [
      ...['a', 'b', 'c', 'd'].flatMap((stream): Http2Step[] => [
        request('refuses', {}, stream),
        { do: 'data', stream, bytes: 'x'.repeat(1000), times: 40, end: true },
        refused(stream),
      ]),
      ...upload(ask, 'z'),
    ],
  ),
  http2(
    'http2/cancelled',
    'hardening',
    'a stream cancelled while it waits harms no other',
    ['RFC 9113 5.4.2'],
    ['reads'],
    [
      request('reads'),
      { do: 'pause', ms: 20 },
      { do: 'cancel', stream: 'a' },
      { do: 'serves' },
      ...upload(ask, 'b'),
    ],
  ),
]
