// HTTP/1.0 never sees an interim response, and a request without content has nothing to wait for.

import { FIVE, head } from './bytes.js'
import type { Http1Case, Level, Role, Step } from './case.js'
import { http1 } from './define.js'

const area = 'versions and no content'
const old = ['RFC 9110 10.1.1', 'RFC 9110 15.2']

function version10(
  id: string,
  title: string,
  steps: readonly Step[],
  needs: readonly Role[] = ['reads'],
  level: Level = 'MUST',
): Http1Case {
  const all: readonly Step[] = [{ do: 'speaks-1.0' }, ...steps]
  return http1(area, `versions/${id}`, level, title, old, needs, all)
}

const asOld = (expect: string, lines: readonly string[] = []): string =>
  head({ version: '1.0', expect, length: 5, lines })

/** Answered without content and without waiting; whether a 100 comes first is not at stake. */
function noContent(id: string, to: Role, method: string, lines: readonly string[]): Http1Case {
  const isHead = method === 'HEAD' ? { method: 'HEAD' as const } : {}
  return http1(
    area,
    `no-content/${id}`,
    'MUST',
    `${method} with 100-continue and no content is answered at once`,
    ['RFC 9110 10.1.1', 'RFC 9112 9.3'],
    [to],
    [
      { do: 'send', bytes: head({ to, method, expect: '100-continue', lines }) },
      { do: 'final', interim: 'may', ...isHead },
      { do: 'sound' },
    ],
  )
}

/** The stricter half: no 100 where there is nothing to continue with (boto#3124 and others). */
function noInterim(id: string, to: Role, method: string, lines: readonly string[]): Http1Case {
  const isHead = method === 'HEAD' ? { method: 'HEAD' as const } : {}
  return http1(
    area,
    `no-content/${id}`,
    'hardening',
    `${method} with 100-continue and no content gets no 100, and the connection serves on`,
    ['RFC 9110 10.1.1', 'boto/botocore#3124', 'golang/go#16799'],
    [to],
    [
      { do: 'send', bytes: head({ to, method, expect: '100-continue', lines }) },
      { do: 'final', ...isHead },
      { do: 'serves' },
    ],
  )
}

export const versions: readonly Http1Case[] = [
  version10('no-interim', 'HTTP/1.0 with 100-continue: no interim response', [
    { do: 'send', bytes: asOld('100-continue') },
    { do: 'silence', ms: 150 },
    { do: 'send', bytes: FIVE },
    { do: 'final', status: ['2xx'], read: FIVE },
    { do: 'closed' },
  ]),
  version10(
    'content-with-head',
    'HTTP/1.0 with 100-continue and its content at once: one final response',
    [
      { do: 'send', bytes: asOld('100-continue') + FIVE },
      { do: 'final', status: ['2xx'], read: FIVE },
      { do: 'closed' },
    ],
  ),
  version10('keep-alive', 'HTTP/1.0 with keep-alive: no interim response, and a sound connection', [
    { do: 'send', bytes: asOld('100-continue', ['Connection: keep-alive']) },
    { do: 'silence', ms: 150 },
    { do: 'send', bytes: FIVE },
    { do: 'final', status: ['2xx'], read: FIVE },
    { do: 'sound' },
  ]),
  version10('upper-case', 'HTTP/1.0 with 100-CONTINUE: no interim response', [
    { do: 'send', bytes: asOld('100-CONTINUE') },
    { do: 'silence', ms: 150 },
    { do: 'send', bytes: FIVE },
    { do: 'final', status: ['2xx'], read: FIVE },
  ]),
  version10('list', 'HTTP/1.0 with 100-continue twice: no interim response', [
    { do: 'send', bytes: asOld('100-continue, 100-continue') + FIVE },
    { do: 'final', status: ['2xx', '4xx'] },
  ]),
  version10('unknown', 'HTTP/1.0 with an unknown expectation: no interim response', [
    { do: 'send', bytes: asOld('something-else') + FIVE },
    { do: 'final', status: ['2xx', 417] },
  ]),
  version10('malformed', 'HTTP/1.0 with a malformed expectation: no interim response', [
    { do: 'send', bytes: asOld('y 100-continue') + FIVE },
    { do: 'final', status: ['2xx', '4xx'] },
  ]),
  version10(
    'unknown-ignored',
    'HTTP/1.0 with an unknown expectation is served, as `Expect` did not exist then',
    [
      { do: 'send', bytes: asOld('something-else') + FIVE },
      { do: 'final', status: ['2xx'], read: FIVE },
    ],
    ['reads'],
    'MAY',
  ),
  version10(
    'refused',
    'HTTP/1.0 with 100-continue, refused: one final response',
    [
      {
        do: 'send',
        bytes: head({ to: 'refuses', version: '1.0', expect: '100-continue', length: 5 }) + FIVE,
      },
      { do: 'final', status: ['4xx'] },
      { do: 'sound' },
    ],
    ['refuses'],
  ),
  version10(
    'no-content',
    'HTTP/1.0 GET with 100-continue: one final response',
    [
      { do: 'send', bytes: head({ to: 'hello', version: '1.0', expect: '100-continue' }) },
      { do: 'final', status: ['2xx'] },
    ],
    ['hello'],
  ),
  version10(
    'slow',
    'HTTP/1.0 with 100-continue to a slow route: no interim response',
    [
      {
        do: 'send',
        bytes: head({ to: 'slow', version: '1.0', expect: '100-continue', length: 5 }) + FIVE,
      },
      { do: 'final', status: ['2xx'], read: FIVE },
    ],
    ['slow'],
  ),
  noContent('get', 'hello', 'GET', []),
  noContent('head', 'hello', 'HEAD', []),
  noContent('post-length-zero', 'reads', 'POST', ['Content-Length: 0']),
  noContent('post-no-framing', 'reads', 'POST', []),
  noContent('delete', 'missing', 'DELETE', []),
  noContent('options', 'hello', 'OPTIONS', []),
  noInterim('get-no-interim', 'hello', 'GET', []),
  noInterim('get-length-zero', 'hello', 'GET', ['Content-Length: 0']),
  noInterim('head-no-interim', 'hello', 'HEAD', []),
  noInterim('post-length-zero-no-interim', 'reads', 'POST', ['Content-Length: 0']),
  noInterim('post-no-framing-no-interim', 'reads', 'POST', []),
  noInterim('delete-no-interim', 'missing', 'DELETE', []),
  http1(
    area,
    'no-content/empty-chunks',
    'MUST',
    'chunked content that turns out empty is answered once',
    ['RFC 9112 7.1'],
    ['reads'],
    [
      { do: 'send', bytes: `${head({ expect: '100-continue', chunked: true })}0\r\n\r\n` },
      { do: 'final', status: ['2xx'], read: '', interim: 'may' },
      { do: 'sound' },
    ],
  ),
  http1(
    area,
    'no-content/pipelined',
    'MUST',
    'two requests without content, both with 100-continue, get two answers',
    ['RFC 9112 9.3.2'],
    ['hello'],
    [
      {
        do: 'send',
        bytes:
          head({ to: 'hello', expect: '100-continue' }) +
          head({ to: 'hello', expect: '100-continue' }),
      },
      { do: 'final', status: ['2xx'], interim: 'may' },
      { do: 'final-in-turn', status: ['2xx'], interim: 'may' },
      { do: 'sound' },
    ],
  ),
  http1(
    area,
    'no-content/refused',
    'MUST',
    'a refusal of a request without content leaves a sound connection',
    ['RFC 9112 9.3'],
    ['missing'],
    [
      { do: 'send', bytes: head({ to: 'missing', method: 'GET', expect: '100-continue' }) },
      { do: 'final', status: [404], interim: 'may' },
      { do: 'sound' },
    ],
  ),
  http1(
    area,
    'no-content/unknown',
    'MUST',
    'an unknown expectation without content: one final response, a sound connection',
    ['RFC 9110 10.1.1', 'RFC 9112 9.3'],
    ['hello'],
    [
      { do: 'send', bytes: head({ to: 'hello', expect: 'something-else' }) },
      { do: 'final', status: ['2xx', 417] },
      { do: 'sound' },
    ],
  ),
]
