// Which `Expect` fields ask for a 100. RFC 9110 10.1.1:
// Expect = #expectation, expectation = token [ "=" ( token / quoted-string ) parameters ]

import { asking, chunks, FIVE, head } from './bytes.js'
import type { Http1Case, Level, Step } from './case.js'
import { continued, http1 } from './define.js'

const area = 'recognition'

/** A form that asks: one 100, then the content, then the answer, and the connection serves again. */
function asks(
  id: string,
  title: string,
  cites: readonly string[],
  bytes: string,
  level: Level = 'MUST',
): Http1Case {
  return http1(area, `recognition/${id}`, level, title, cites, ['reads'], continued(bytes))
}

/** A form that does not: whatever the server makes of it, it is no request for a 100. */
function differs(id: string, cites: readonly string[], ...lines: readonly string[]): Http1Case {
  const shown = lines.map((line) => `Expect: ${line}`).join(' / ')
  const steps: readonly Step[] = [
    { do: 'send', bytes: head({ expect: lines, length: 5 }) },
    { do: 'not-asked', content: FIVE },
  ]
  const title = `\`${shown}\` never brings a 100`
  return http1(area, `recognition/${id}`, 'hardening', title, cites, ['reads'], steps)
}

/** A list with 100-continue and something else: a 100 or a refusal, but no silence. */
function answered(id: string, ...lines: readonly string[]): Http1Case {
  const shown = lines.map((line) => `Expect: ${line}`).join(' / ')
  return http1(
    area,
    `recognition/${id}`,
    'MUST',
    `\`${shown}\` is answered from the head, by a 100 or a final status`,
    ['RFC 9110 10.1.1', 'RFC 9110 5.3'],
    ['reads'],
    [
      { do: 'send', bytes: head({ expect: lines, length: 5 }) },
      { do: 'asked', content: FIVE },
    ],
  )
}

function unmet(id: string, title: string, ...lines: readonly string[]): Http1Case {
  return http1(
    area,
    `recognition/${id}`,
    'MAY',
    title,
    ['RFC 9110 10.1.1', 'RFC 9110 15.5.18'],
    ['reads'],
    [
      { do: 'send', bytes: head({ expect: lines, length: 5 }) },
      { do: 'final', status: [417] },
      { do: 'sound', rest: FIVE },
    ],
  )
}

const value = ['RFC 9110 10.1.1']
const list = ['RFC 9110 5.6.1.2']
const desync = ['RFC 9110 10.1.1', 'CVE-2025-32094', 'nodejs/node#20744']

export const recognition: readonly Http1Case[] = [
  asks('plain', '`Expect: 100-continue` brings one 100 before the content', value, asking()),
  asks(
    'upper-case',
    'the value is compared without case: 100-CONTINUE',
    value,
    asking({ expect: '100-CONTINUE' }),
  ),
  asks(
    'mixed-case',
    'the value is compared without case: 100-Continue',
    value,
    asking({ expect: '100-Continue' }),
  ),
  asks(
    'name-upper-case',
    'field names have no case: EXPECT',
    ['RFC 9110 5.1'],
    head({ length: 5, lines: ['EXPECT: 100-continue'] }),
  ),
  asks(
    'name-lower-case',
    'field names have no case: expect',
    ['RFC 9110 5.1'],
    head({ length: 5, lines: ['expect: 100-continue'] }),
  ),
  asks(
    'no-space',
    'no space after the colon',
    ['RFC 9110 5.6.3', 'RFC 9112 5'],
    head({ length: 5, lines: ['Expect:100-continue'] }),
  ),
  asks(
    'spaces-around',
    'spaces around the value',
    ['RFC 9110 5.6.3'],
    asking({ expect: '    100-continue   ' }),
  ),
  asks(
    'tabs-around',
    'horizontal tabs around the value',
    ['RFC 9110 5.6.3'],
    asking({ expect: '\t100-continue\t' }),
  ),
  asks('chunked', 'content of unknown length', value, asking({ chunked: true }), 'MUST'),
  asks(
    'before-length',
    '`Expect` before and `Content-Length` at the end of the head',
    value,
    head({ expect: '100-continue', lines: ['Accept: */*', 'Content-Length: 5'] }),
  ),
  asks(
    'after-length',
    '`Expect` is the last field',
    value,
    head({ length: 5, lines: ['Accept: */*', 'Expect: 100-continue'] }),
  ),
  asks('empty-first', 'an empty element before it', list, asking({ expect: ',100-continue' })),
  asks('empty-last', 'an empty element after it', list, asking({ expect: '100-continue,' })),
  asks(
    'empty-around',
    'empty elements and spaces around it',
    list,
    asking({ expect: ' , ,100-continue , , ' }),
  ),
  asks(
    'empty-line-first',
    'an empty field line before it',
    ['RFC 9110 5.3', ...list],
    asking({ expect: ['', '100-continue'] }),
    'SHOULD',
  ),
  answered('twice-in-list', '100-continue, 100-continue'),
  answered('twice-on-lines', '100-continue', '100-continue'),
  answered('twice-in-cases', '100-Continue', '100-CONTINUE'),
  answered('with-unknown-after', '100-continue, foo'),
  answered('with-unknown-before', 'foo, 100-continue'),
  answered('with-unknown-line-after', '100-continue', 'foo'),
  answered('with-unknown-line-before', 'foo', '100-continue'),
  answered('with-quoted-before', 'foo="a, b", 100-continue'),
  differs('prefixed-word', desync, 'y 100-continue'),
  differs('following-word', desync, '100-continue y'),
  differs('space-inside', value, '100 continue'),
  differs('underscore', value, '100_continue'),
  differs('quoted', desync, '"100-continue"'),
  differs('single-quoted', value, "'100-continue'"),
  differs(
    'parameter',
    ['RFC 9110 10.1.1', 'RFC 9110 errata: parameters follow a value'],
    '100-continue;q=1',
  ),
  differs('empty-parameter', value, '100-continue;'),
  differs('empty-value', value, '100-continue='),
  differs('value', ['RFC 9110 10.1.1: no defined parameters'], '100-continue=1'),
  differs('prefix', desync, 'x-100-continue'),
  differs('suffix', desync, '100-continue-x'),
  differs('suffix-letter', value, '100-continuex'),
  differs('digit-before', value, '1100-continue'),
  differs('half', value, '100-contin'),
  differs('number', value, '100'),
  differs('other-interim', value, '102-processing'),
  differs('as-value', desync, 'foo=100-continue'),
  differs('inside-quotes', desync, 'foo="a, 100-continue"'),
  differs('inside-quotes-middle', desync, 'foo="a, 100-continue, b"'),
  differs('inside-escaped-quotes', desync, 'foo="\\", 100-continue, \\""'),
  differs('open-quote', desync, 'foo="a, 100-continue'),
  differs('as-parameter', desync, 'foo=bar;100-continue'),
  differs('semicolon-list', value, 'foo; 100-continue'),
  differs('equals-first', value, '=100-continue'),
  differs('star', value, '*'),
  differs('unknown', value, 'something-else'),
  http1(
    area,
    'recognition/empty',
    'hardening',
    'an empty `Expect` is an empty list: no 100, no 417',
    [...list, 'expressjs/express#2403'],
    ['reads'],
    [
      { do: 'send', bytes: head({ expect: '', length: 5 }) },
      { do: 'silence', ms: 150 },
      { do: 'send', bytes: FIVE },
      { do: 'final', status: ['2xx'], read: FIVE },
      { do: 'serves' },
    ],
  ),
  http1(
    area,
    'recognition/only-commas',
    'hardening',
    '`Expect: , ,` is an empty list: no 100, no 417',
    list,
    ['reads'],
    [
      { do: 'send', bytes: head({ expect: ' , , ', length: 5 }) },
      { do: 'silence', ms: 150 },
      { do: 'send', bytes: FIVE },
      { do: 'final', status: ['2xx'], read: FIVE },
      { do: 'serves' },
    ],
  ),
  http1(
    area,
    'recognition/in-trailer',
    'hardening',
    '`Expect` in the trailer section asks for nothing',
    ['RFC 9110 6.5.1', 'RFC 9110 10.1.1'],
    ['reads'],
    [
      {
        do: 'send',
        bytes: `${head({ chunked: true })}5\r\n${FIVE}\r\n0\r\nExpect: 100-continue\r\n\r\n`,
      },
      { do: 'final', status: ['2xx', '4xx'] },
      { do: 'sound' },
    ],
  ),
  http1(
    area,
    'recognition/in-other-field',
    'hardening',
    '100-continue in another field asks for nothing',
    value,
    ['reads'],
    [
      {
        do: 'send',
        bytes: head({
          length: 5,
          lines: ['X-Expect: 100-continue', 'Expectation: 100-continue', 'Prefer: 100-continue'],
        }),
      },
      { do: 'silence', ms: 150 },
      { do: 'send', bytes: FIVE },
      { do: 'final', status: ['2xx'], read: FIVE },
      { do: 'serves' },
    ],
  ),
  http1(
    area,
    'recognition/not-asked',
    'hardening',
    'no `Expect`, no 100',
    ['RFC 9110 15.2.1', 'golang/go#14030'],
    ['reads'],
    [
      { do: 'send', bytes: head({ chunked: true }) },
      { do: 'silence', ms: 150 },
      { do: 'send', bytes: chunks('a', 'bcd') },
      { do: 'final', status: ['2xx'], read: 'abcd' },
      { do: 'serves' },
    ],
  ),
  unmet('refuses-unknown', 'an unknown expectation gets 417', 'something-else'),
  unmet('refuses-value', '100-continue with a value gets 417', '100-continue=1'),
  unmet(
    'refuses-beside',
    'an unknown expectation beside 100-continue gets 417',
    '100-continue, foo',
  ),
]
