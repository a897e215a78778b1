// Every method may carry content and an expectation; Upgrade and CONNECT have their own order.

import { asking, FIVE, head } from './bytes.js'
import type { Http1Case, Level, Role, Step } from './case.js'
import { http1 } from './define.js'

const area = 'methods and upgrade'

function method(
  id: string,
  level: Level,
  title: string,
  cites: readonly string[],
  needs: readonly Role[],
  steps: readonly Step[],
): Http1Case {
  return http1(area, `methods/${id}`, level, title, cites, needs, steps)
}

/** With content on a route that does not read it: answered from the head, and the connection sound. */
function unread(name: string): Http1Case {
  return method(
    `${name.toLowerCase()}-unread`,
    'MUST',
    `${name} with content and 100-continue is answered, and leaves a sound connection`,
    ['RFC 9110 10.1.1', 'RFC 9112 9.3'],
    ['missing'],
    [
      { do: 'send', bytes: asking({ to: 'missing', method: name }) },
      { do: 'answered', status: ['2xx', 'error'], content: FIVE },
      { do: 'sound' },
    ],
  )
}

const upgrade = ['Connection: Upgrade', 'Upgrade: conformance']

export const methods: readonly Http1Case[] = [
  ...['GET', 'PUT', 'PATCH', 'DELETE', 'OPTIONS', 'PROPFIND'].map(unread),
  method(
    'head-unread',
    'MUST',
    'HEAD with content and 100-continue: an answer without content, a sound connection',
    ['RFC 9110 9.3.2'],
    ['hello'],
    [
      { do: 'send', bytes: asking({ to: 'hello', method: 'HEAD' }) },
      { do: 'answered', status: ['2xx', '4xx'], content: FIVE, method: 'HEAD' },
      { do: 'sound' },
    ],
  ),
  method(
    'get-content',
    'MUST',
    'GET with content on a route that does not read it: a sound connection',
    ['RFC 9110 9.3.1', 'RFC 9112 9.3'],
    ['hello'],
    [
      { do: 'send', bytes: asking({ to: 'hello' }) },
      { do: 'answered', status: ['2xx', '4xx'], content: FIVE },
      { do: 'sound' },
    ],
  ),
  method(
    'options-star',
    'MUST',
    'OPTIONS * with 100-continue is answered at once',
    ['RFC 9110 9.3.7'],
    ['hello'],
    [
      {
        do: 'send',
        bytes: head({ to: 'hello', method: 'OPTIONS', target: '*', expect: '100-continue' }),
      },
      { do: 'final', interim: 'may' },
      { do: 'sound' },
    ],
  ),
  method(
    'connect',
    'MUST',
    'CONNECT with 100-continue is answered or closed, and the server lives',
    ['RFC 9110 9.3.6'],
    ['hello'],
    [
      {
        do: 'send',
        bytes: 'CONNECT 127.0.0.1:9 HTTP/1.1\r\nHost: 127.0.0.1:9\r\nExpect: 100-continue\r\n\r\n',
      },
      { do: 'rejected', interim: 'may' },
      { do: 'alive' },
    ],
  ),
  method(
    'unknown-method',
    'MUST',
    'a method nobody knows, with content and 100-continue, is answered',
    ['RFC 9110 9.1'],
    ['hello'],
    [
      { do: 'send', bytes: asking({ to: 'hello', method: 'CONFORM' }) },
      { do: 'answered', content: FIVE },
      { do: 'alive' },
    ],
  ),
  method(
    'upgrade-ignored',
    'MUST',
    'an upgrade that the server does not know does not hide the expectation',
    ['RFC 9110 7.8'],
    ['reads'],
    [
      { do: 'send', bytes: asking({ lines: upgrade }) },
      { do: 'asked', content: FIVE },
    ],
  ),
  method(
    'upgrade-ignored-refused',
    'MUST',
    'an unknown upgrade beside a refusal leaves a sound connection',
    ['RFC 9110 7.8', 'RFC 9112 9.3'],
    ['refuses'],
    [
      { do: 'send', bytes: asking({ to: 'refuses', lines: upgrade }) },
      { do: 'answered', status: ['4xx'], content: FIVE },
      { do: 'sound' },
    ],
  ),
  method(
    'upgrade-after-continue',
    'MUST',
    'a server that upgrades sends the 100 before the 101',
    ['RFC 9110 7.8: MUST send 100 first'],
    ['upgrade'],
    [
      { do: 'send', bytes: asking({ to: 'upgrade', lines: upgrade }) },
      { do: 'continue', fields: 'may' },
    ],
  ),
  method(
    'upgrade-h2c',
    'MUST',
    'an upgrade to h2c with content is ignored or done in order',
    ['RFC 9110 7.8', 'RFC 9113 3.1'],
    ['reads'],
    [
      {
        do: 'send',
        bytes: asking({
          lines: [
            'Connection: Upgrade, HTTP2-Settings',
            'Upgrade: h2c',
            'HTTP2-Settings: AAMAAABkAAQAAP__',
          ],
        }),
      },
      { do: 'asked', content: FIVE },
    ],
  ),
  method(
    'absolute-target',
    'MUST',
    'a target in absolute form changes nothing',
    ['RFC 9112 3.2.2'],
    ['reads'],
    [
      { do: 'send', bytes: asking({ target: 'http://{host}{target:reads}' }) },
      { do: 'asked', content: FIVE },
    ],
  ),
  method(
    'empty-line-before',
    'SHOULD',
    'an empty line before the request line is ignored',
    ['RFC 9112 2.2'],
    ['reads'],
    [
      { do: 'send', bytes: `\r\n${asking()}` },
      { do: 'continue', fields: 'may' },
      { do: 'send', bytes: FIVE },
      { do: 'final', status: ['2xx'], read: FIVE },
    ],
  ),
]
