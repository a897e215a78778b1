// The user's own functions: asynchronous, throwing, never settling; and options that are wrong.

import http from 'node:http'
import https from 'node:https'
import { Refusal } from '@expectation/core'
import { attach } from '@expectation/core/node'
import { gateway } from '@expectation/gateway'
import { keepConsoleErrors } from '../support/console.js'
import { RawClient } from '../support/raw-client.js'
import { asking, head } from '../support/request.js'
import { serve } from '../support/server.js'
import { forbidStrayErrors } from '../support/stray-errors.js'
import { front } from './support/front.js'
import { answer, CONTINUE, rawUpstream } from './support/raw-upstream.js'

forbidStrayErrors()
keepConsoleErrors()

const mirror = () =>
  rawUpstream(async (connection) => {
    for (;;) {
      const text = await connection.head()
      if (/^expect:/im.test(text)) connection.send(CONTINUE)
      await connection.content(Number(/^content-length: (\d+)/im.exec(text)?.[1] ?? 0))
      connection.send(answer('200 OK', text))
    }
  })

test('rewrite has the last word on target and fields, not on framing, Host apart', async () => {
  const { origin } = await mirror()
  const { port } = await front([origin], {
    rewrite: async (given, { upstream, signal }) => ({
      ...given,
      target: `/bucket${given.target}`,
      headers: {
        ...given.headers,
        authorization: `Signed ${upstream} ${signal.aborted}`,
        host: 'bucket.test',
        'content-length': '1',
        'transfer-encoding': 'chunked',
        connection: 'close',
        expect: 'more',
        'x-list': ['1', '2'],
        cookie: undefined,
      },
    }),
  })
  const client = await RawClient.connect({ port })
  await client.send(asking({ target: '/a', lines: ['Cookie: secret'] })).continue()
  const seen = (await client.send('hello').final()).text
  expect(seen).toMatch(/^PUT \/bucket\/a HTTP\/1\.1\r\nHost: bucket\.test\r\n/)
  expect(seen).toContain(`authorization: Signed ${origin} false`)
  expect(seen.match(/^content-length: 5\r$/gim)).toHaveLength(1)
  expect(seen.match(/^x-list: .\r$/gim)).toHaveLength(2)
  expect(seen).toContain('Expect: 100-continue\r\n')
  expect(seen).not.toMatch(/chunked|cookie|close|: more/i)
})

test.each([
  [
    'throws',
    () => {
      throw new Error('secret')
    },
    500,
  ],
  ['rejects', () => Promise.reject(new Error('secret')), 500],
  ['rejects with nothing', () => Promise.reject(), 500],
  [
    'refuses',
    () => {
      throw new Refusal(403)
    },
    403,
  ],
  ['never settles', () => new Promise<never>(() => undefined), 504],
  ['gives nothing', () => undefined as never, 500],
  [
    'gives a target that would split the head',
    (given: object) => ({ ...given, target: '/a\r\nX: 1' }) as never,
    500,
  ],
  [
    'gives a field that would split the head',
    (given: object) => ({ ...given, headers: { x: 'a\r\nb' } }) as never,
    500,
  ],
])('rewrite %s: the upstream sees nothing', async (_what, rewrite, status) => {
  const { origin, connections } = await mirror()
  const { port } = await front([origin], { rewrite, connectTimeoutMs: 100 })
  const client = await RawClient.connect({ port })
  const refused = await client.send(asking()).final()
  expect(refused.status).toBe(status)
  expect(refused.text).not.toContain('secret')
  expect(connections).toHaveLength(0)
})

test('content that was read before the gateway is told to whoever mounted it', async () => {
  const { origin, connections } = await mirror()
  const relay = gateway({ upstreams: [origin] })
  const errors: unknown[] = []
  const server = http.createServer((request, response) => {
    request.resume()
    request.once('end', () => {
      relay(request, response, (error) => {
        errors.push(error)
        response.writeHead(500).end()
      })
    })
  })
  attach(server, {})
  const client = await RawClient.connect(await serve(server))
  const refused = await client.send(`${head({ method: 'POST', length: 5 })}hello`).final()
  expect(refused.status).toBe(500)
  expect(errors).toMatchObject([{ code: 'ERR_EXPECTATION_CONTENT_ALREADY_READ' }])
  expect(connections).toHaveLength(0)
})

test('upstreams can be chosen for each request', async () => {
  const [a, b] = [await mirror(), await mirror()]
  const { port, outcomes } = await front(async ({ target }) => [
    target === '/a' ? a.origin : b.origin,
  ])
  const client = await RawClient.connect({ port })
  for (const target of ['/a', '/b']) await client.send(head({ method: 'GET', target })).final()
  expect(outcomes.map(({ upstream }) => upstream)).toEqual([a.origin, b.origin])
})

test.each([
  ['none', () => [], 502],
  ['what is no origin', () => ['http://u:secret@a/b'], 500],
  ['nothing', () => undefined as never, 500],
  ['an error', () => Promise.reject(new Error('secret')), 500],
  ['never an answer', () => new Promise<never>(() => undefined), 504],
])('a choice that gives %s', async (_what, upstreams, status) => {
  const { port } = await front(upstreams, { connectTimeoutMs: 100 })
  const client = await RawClient.connect({ port })
  const refused = await client.send(asking()).final()
  expect([refused.status, refused.text.includes('secret')]).toEqual([status, false])
})

const OPTION = { name: 'OptionError', code: 'ERR_EXPECTATION_INVALID_OPTION' }

/** What is told to whoever mounted a gateway. */
async function told(options: object): Promise<unknown> {
  let error: unknown
  const relay = gateway({ upstreams: ['http://127.0.0.1:1'], ...options })
  const server = await serve(
    http.createServer((request, response) => {
      relay(request, response, (given) => {
        error = given
        response.end()
      })
    }),
  )
  const client = await RawClient.connect(server)
  await client.send(head({ method: 'GET' })).final()
  return error
}

test.each([
  ['upstreams() cannot be undefined. Give an array', { upstreams: () => undefined }],
  ['upstreams() cannot be "http://a". Give an array', { upstreams: async () => 'http://a' }],
  ['upstreams()[0] cannot be 5. Give an origin', { upstreams: () => [5] }],
  ['rewrite() cannot be undefined. Give the head', { rewrite: () => undefined }],
  ['rewrite().method cannot be undefined. Give a token', { rewrite: () => ({}) }],
  ['agent() cannot be undefined. Give an http.Agent', { agent: () => undefined }],
  ['agent() cannot be "[Set]". Give an http.Agent', { agent: () => new Set() }],
])('%s: told with a stable code', async (message, options) => {
  const error = await told(options)
  expect(error).toMatchObject({ ...OPTION, message: expect.stringContaining(message) })
})

test('no upstream chosen is 502, and its cause says why', async () => {
  expect(await told({ upstreams: () => [] })).toMatchObject({ status: 502, cause: OPTION })
})

test('an agent that throws, or throws nothing, is told', async () => {
  const failed = new Error('no agent')
  const throwing = (error: unknown) => () => {
    throw error
  }
  expect(await told({ agent: throwing(failed) })).toBe(failed)
  expect(await told({ agent: throwing(undefined) })).toBeInstanceOf(TypeError)
})

const later: readonly (readonly [string, () => unknown])[] = [
  ['rejects', () => Promise.reject(new Error('secret'))],
  ['says yes later', async () => true],
  // biome-ignore lint/suspicious/noThenProperty: it is one.
  ['gives a thenable', () => ({ then: () => undefined })],
]

test.each(later)(
  'trust and agent that answer at once, and not one that %s',
  async (_what, fail) => {
    const message = expect.stringContaining(
      '() cannot be "[promise]". Give a function that answers',
    )
    expect(await told({ trust: fail })).toMatchObject({ ...OPTION, message, option: 'trust()' })
    expect(await told({ agent: fail })).toMatchObject({ ...OPTION, message, option: 'agent()' })
  },
)

test('onRelay may throw what has no text', async () => {
  const { origin } = await mirror()
  const warn = jest.spyOn(process, 'emitWarning').mockImplementation(() => undefined)
  const { port } = await front([origin], {
    onRelay() {
      throw Object.create(null)
    },
  })
  const client = await RawClient.connect({ port })
  expect((await client.send(head({ method: 'GET' })).final()).status).toBe(200)
  expect(warn).toHaveBeenCalledTimes(1)
  warn.mockRestore()
})

test.each([
  ['a promise', () => Promise.reject(new Error('full disk'))],
  // A query builder gives one that runs when it is waited for.
  [
    'a thenable',
    () => ({
      // biome-ignore lint/suspicious/noThenProperty: it is one.
      then: (_: unknown, reject: (error: Error) => void) => reject(new Error('full disk')),
    }),
  ],
])('onRelay and a logger may fail later, by %s', async (_by, fail) => {
  const { origin } = await mirror()
  const warn = jest.spyOn(process, 'emitWarning').mockImplementation(() => undefined)
  const logger = { debug: fail, info: fail, warn: fail, error: fail }
  const { port, outcome } = await front([origin], { onRelay: fail, logger })
  const client = await RawClient.connect({ port })
  expect((await client.send(head({ method: 'GET' })).final()).status).toBe(200)
  await outcome()
  await new Promise((resolve) => setImmediate(resolve))
  expect(warn.mock.calls).toEqual([
    ['onRelay failed: Error: full disk', { code: 'EXPECTATION_WRN_OBSERVER' }],
    ['logger failed: Error: full disk', { code: 'EXPECTATION_WRN_OBSERVER' }],
  ])
  warn.mockRestore()
})

test('trust that throws is the server’s fault, and onRelay that throws nobody’s', async () => {
  const { origin } = await mirror()
  const throwing = (): never => {
    throw new Error('secret')
  }
  const untrusting = await front([origin], { trust: throwing })
  const refused = await (await RawClient.connect(untrusting)).send(head({ method: 'GET' })).final()
  expect(refused.status).toBe(500)
  const warn = jest.spyOn(process, 'emitWarning').mockImplementation(() => undefined)
  const { port } = await front([origin], { onRelay: throwing })
  const client = await RawClient.connect({ port })
  expect((await client.send(head({ method: 'GET' })).final()).status).toBe(200)
  expect(warn.mock.calls).toMatchObject([
    ['onRelay failed: Error: secret', { code: 'EXPECTATION_WRN_OBSERVER' }],
  ])
  warn.mockRestore()
})

test.each([
  [undefined, 'options cannot be undefined. Say where requests go'],
  [{ upstreams: [] }, 'upstreams cannot be []. Give an array of origins'],
  [{ upstreams: ['http://a/b'] }, 'upstreams[0] cannot be "http://a/b". Give an origin such as'],
  [{ upstreams: ['ftp://a'] }, 'upstreams[0] cannot be "ftp://a".'],
  [{ upstreams: ['http://u:p@a'] }, 'upstreams[0] cannot be "http://…@a".'],
  [{ upstreams: ['http://a'], ask: 'sometimes' }, 'ask cannot be "sometimes". Give \'large\' or'],
  [
    { upstreams: ['http://a'], attempts: 0 },
    'attempts cannot be 0. Give a whole number, 1 or more.',
  ],
  [{ upstreams: ['http://a'], retryBudget: 2 }, 'retryBudget cannot be 2.'],
  [{ upstreams: ['http://a'], retryOn: [200] }, 'retryOn[0] cannot be 200.'],
  [{ upstreams: ['http://a'], via: 'a b' }, 'via cannot be "a b".'],
  [{ upstreams: ['http://a'], forwarded: true }, 'forwarded cannot be true.'],
  [{ upstreams: ['http://a'], upstream: 'http://b' }, 'upstream is not an option'],
  [{ upstreams: ['http://a'], agent: {} }, 'agent cannot be {}.'],
  [
    { upstreams: ['http://a'], agent: new https.Agent() },
    'agent cannot be "[Agent]". It connects to https: only',
  ],
  [{ upstreams: ['https://a'], agent: new http.Agent() }, 'It connects to http: only'],
  [{ upstreams: ['http://a'], agent: new http.Agent(), http2: true }, 'HTTP/2 has sessions'],
  [
    { upstreams: ['https://a'], agent: new https.Agent(), tls: { ca: [] } },
    'tls cannot be "[ca]". The agent makes the connections',
  ],
  [{ upstreams: ['https://a'], agent: () => https.globalAgent, tls: {} }, 'The agent makes'],
  [{ upstreams: () => [], agent: new https.Agent(), tls: {} }, 'The agent makes'],
  [{ upstreams: ['http://a', 'http://b'], tls: { ca: [] } }, 'No upstream is https:'],
  [{ upstreams: ['http://a'], http2: true, tls: {} }, 'No upstream is https:'],
])('%j is refused where it is written', (options, message) => {
  expect(() => gateway(options as never)).toThrow(message)
})
