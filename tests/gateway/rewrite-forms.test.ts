// What `rewrite` gives as fields: any form that undici takes, and nothing that would be a head without fields.
import type { RewrittenHead } from '@expectation/gateway'
import { keepConsoleErrors } from '../support/console.js'
import { RawClient } from '../support/raw-client.js'
import { head } from '../support/request.js'
import { forbidStrayErrors } from '../support/stray-errors.js'
import { front } from './support/front.js'
import { answer, rawUpstream } from './support/raw-upstream.js'

forbidStrayErrors()
const printed = keepConsoleErrors()

/** What the upstream gets of a GET, and what the client does. */
async function carried(headers: unknown) {
  const { origin, connections } = await rawUpstream(async (connection) => {
    connection.send(answer('200 OK', await connection.head()))
  })
  const rewrite = (given: object) => ({ ...given, headers }) as RewrittenHead
  const { port, outcome } = await front([origin], { rewrite })
  const client = await RawClient.connect({ port })
  const { status, text } = await client.send(head({ method: 'GET' })).final()
  return { status, text, connections, outcome: await outcome() }
}

const FIELDS = { accept: 'a/b', host: 'b.test', 'x-two': '2' }

function* turns() {
  yield* Object.entries(FIELDS)
}

class Fields {
  accept = 'a/b'
  host = 'b.test'
  'x-two' = 2
}

test.each<[string, unknown]>([
  ['a record', FIELDS],
  ['an instance of a class', new Fields()],
  ['Headers', new Headers(FIELDS)],
  ['a Map', new Map(Object.entries(FIELDS))],
  ['pairs', Object.entries(FIELDS)],
  ['a generator', turns()],
  ['names and values by turns', Object.entries(FIELDS).flat()],
])('headers as %s are sent, Host by its place', async (_what, headers) => {
  const { status, text } = await carried(headers)
  expect([status, text]).toEqual([
    200,
    'GET /files/a HTTP/1.1\r\nHost: b.test\r\naccept: a/b\r\nx-two: 2\r\nConnection: keep-alive\r\n\r\n',
  ])
})

test.each([
  ['an empty record', {}],
  ['an empty list', []],
  ['no values', { accept: undefined, 'x-list': [] }],
])('%s is a head without fields', async (_what, headers) => {
  const { status, text } = await carried(headers)
  expect([status, text.split('\r\n').length]).toEqual([200, 5])
})

test.each<[string, unknown]>([
  ['nothing', undefined],
  ['null', null],
  ['a string', 'accept: secret'],
  ['a number', 5],
  ['a function', () => FIELDS],
  ['a promise', Promise.resolve(FIELDS)],
  ['a date', new Date()],
  ['a WeakMap', new WeakMap()],
  ['a Set of names', new Set(['accept'])],
  ['a name without a value', ['accept']],
  ['pairs of three', [['accept', 'secret', 'c']]],
  ['a value that is an object', { accept: { value: 'secret' } }],
  ['a list in a list', { accept: [['secret']] }],
  ['a name that is no token', { 'a b': 'secret' }],
  ['a pair with a line end', [['accept', 'secret\r\nx: y']]],
])(
  'headers as %s: 500, the upstream sees nothing, and no value is told',
  async (_what, headers) => {
    const { status, text, connections, outcome } = await carried(headers)
    expect(status).toBe(500)
    expect(connections).toHaveLength(0)
    expect(outcome.attempts).toEqual([])
    const said = printed.entries.flat().map(String).join('\n')
    expect(said).toContain('rewrite().headers cannot be')
    expect(said + text).not.toContain('secret')
  },
)

test.each<[string, unknown]>([
  ['a string', '/a'],
  ['an array', ['GET', '/a']],
  ['a Map', new Map([['method', 'GET']])],
])('a head as %s: 500', async (_what, given) => {
  const { origin, connections } = await rawUpstream(() => undefined)
  const { port } = await front([origin], { rewrite: () => given as never })
  const client = await RawClient.connect({ port })
  expect((await client.send(head({ method: 'GET' })).final()).status).toBe(500)
  expect(connections).toHaveLength(0)
})
