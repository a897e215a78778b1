// Node throws while it connects where TLS or an agent is not what it can use: that is told at `gateway()`, or
// fails this upstream as a refused connection does, and never ends the process.
import http from 'node:http'
import https from 'node:https'
import { createSecureContext } from 'node:tls'
import { dispatcher, type GatewayOptions, gateway } from '@expectation/gateway'
import { certificate } from '../support/certificate.js'
import { afterThisTest } from '../support/cleanup.js'
import { keepConsoleErrors } from '../support/console.js'
import { RawClient } from '../support/raw-client.js'
import { asking, head } from '../support/request.js'
import { serve, within } from '../support/server.js'
import { forbidStrayErrors } from '../support/stray-errors.js'
import { front } from './support/front.js'
import { http2Upstream } from './support/http2-upstream.js'
import { answer, CONTINUE, deadOrigin, rawUpstream, type Script } from './support/raw-upstream.js'

forbidStrayErrors()
keepConsoleErrors()

test.each([
  ['a version that there is not', { minVersion: 'TLSv1.4' }, 'tls cannot be "[minVersion]"'],
  ['an authority that is a number', { ca: 5 }, 'tls cannot be "[ca]"'],
  ['a key that is none', { key: 'secret', cert: 'secret' }, 'tls cannot be "[key, cert]"'],
  ['ciphers that there are not', { ciphers: 'NOPE' }, 'tls cannot be "[ciphers]"'],
  ['a Map', new Map([['ca', 'a']]), 'tls cannot be "[Map]"'],
  ['an array', [{ ca: 'a' }], 'tls cannot be "[Array]"'],
  ['an agent', new https.Agent({ ca: 'a' }), 'tls cannot be "[Agent]"'],
  ['a context', createSecureContext(), 'tls cannot be "[SecureContext]"'],
  ['null', null, 'tls cannot be null'],
  ['a check that is none', { checkServerIdentity: 5 }, 'tls.checkServerIdentity cannot be 5'],
  ['a callback that is none', { pskCallback: {} }, 'tls.pskCallback cannot be {}'],
])('tls as %s is refused where it is written, and shows no secret', (_what, tls, message) => {
  const make = () => gateway({ upstreams: ['https://a.test'], tls: tls as never })
  const code = 'ERR_EXPECTATION_INVALID_OPTION'
  expect(make).toThrow(expect.objectContaining({ code, message: expect.stringContaining(message) }))
  expect(make).not.toThrow('secret')
})

/** Node says of it at the first connection only, by an error that it throws. */
const LATE_TLS = { minDHSize: 'large' } as never

class ThrowingAgent extends http.Agent {
  override createConnection(): never {
    throw new Error('no connection')
  }
}

const takes: Script = async (connection) => {
  for (;;) {
    if (/^expect:/im.test(await connection.head())) connection.send(CONTINUE)
    await connection.content(5)
    connection.send(answer('201 Created'))
  }
}

const NOWHERE = 'http://127.0.0.1:1'
const SECURE_NOWHERE = 'https://127.0.0.1:1'
const throwing = (origin: string) => (origin === NOWHERE ? new ThrowingAgent() : new http.Agent())
const withRewrite: Partial<GatewayOptions> = { rewrite: async (given) => given }

test.each<[string, string, Partial<GatewayOptions>]>([
  ['an agent for all', NOWHERE, { agent: new ThrowingAgent() }],
  ['an agent for an origin', NOWHERE, { agent: throwing }],
  ['an agent, behind rewrite', NOWHERE, { agent: throwing, ...withRewrite }],
  ['TLS', SECURE_NOWHERE, { tls: LATE_TLS }],
  ['TLS over HTTP/2', SECURE_NOWHERE, { tls: LATE_TLS, http2: true }],
])('%s that throws, alone and last of two: 502, each time', async (_what, origin, options) => {
  for (const upstreams of [[origin], [await deadOrigin(), origin]]) {
    const { port, outcomes } = await front(upstreams, { ...options })
    for (let at = 0; at < 2; at += 1) {
      const client = await RawClient.connect({ port })
      const failed = await client.send(`${asking()}hello`).final()
      expect([failed.status, failed.json()]).toMatchObject([
        502,
        { error: { reason: 'upstream_unreachable' } },
      ])
    }
    expect(outcomes.map(({ attempts }) => attempts.length)).toEqual([
      upstreams.length,
      upstreams.length,
    ])
  }
})

test('the next upstream takes what one that throws did not', async () => {
  const { origin } = await rawUpstream(takes)
  const client = await RawClient.connect(
    await front([SECURE_NOWHERE, NOWHERE, origin], {
      agent: (each) => (each === origin ? new http.Agent() : new ThrowingAgent()),
    }),
  )
  await client.send(asking()).continue()
  expect((await client.send('hello').final()).status).toBe(201)
})

test('over HTTP/2, too', async () => {
  const takesAll = await http2Upstream((stream) => {
    stream.respond({ ':status': 201 })
    stream.resume().end()
  })
  const client = await RawClient.connect(
    await front([SECURE_NOWHERE, takesAll], { http2: true, tls: LATE_TLS, ask: 'never' }),
  )
  await client.send(asking()).continue()
  expect((await client.send('hello').final()).status).toBe(201)
})

test.each<[string, () => unknown, number]>([
  [
    'throws',
    () => {
      throw new Error('not this one')
    },
    502,
  ],
  [
    'throws nothing',
    () => {
      throw undefined
    },
    502,
  ],
  ['rejects', () => Promise.reject(new Error('not this one')), 502],
  ['gives an error', () => new Error('not this one'), 502],
  ['gives a promise, and so nothing that Node waits for', async () => undefined, 502],
  ['gives nothing', () => undefined, 201],
])('tls.checkServerIdentity that %s', async (_what, check, status) => {
  const created: http.RequestListener = (request, response) => {
    request.resume()
    response.writeHead(201).end()
  }
  const secure = await serve(https.createServer(certificate, created))
  const tls = { ca: certificate.cert, checkServerIdentity: check as never }
  const upstreams = [`https://127.0.0.1:${secure.port}`]
  const client = await RawClient.connect(await front(upstreams, { tls, ask: 'never' }))
  expect((await client.send(`${head({ length: 5 })}hello`).final()).status).toBe(status)
})

test('throwing at the second connection, after 417 to the first, is 502', async () => {
  const { origin } = await rawUpstream(async (connection) => {
    await connection.head()
    connection.end(answer('417 Expectation Failed', '', ['Connection: close']))
  })
  class Once extends http.Agent {
    #calls = 0
    override createConnection(...given: Parameters<http.Agent['createConnection']>) {
      this.#calls += 1
      if (this.#calls > 1) throw new Error('no second connection')
      return super.createConnection(...given)
    }
  }
  const client = await RawClient.connect(await front([origin], { agent: new Once() }))
  expect((await client.send(asking()).final()).status).toBe(502)
})

test.each([
  ['a method', { method: 'P T' }],
  ['a path', { path: '/a b' }],
  ['a field', { headers: { 'a b': '1' } }],
])('a plugin is told of %s that Node does not write', async (_what, wrong) => {
  const asked = dispatcher()
  afterThisTest(() => asked.destroy())
  const told = new Promise((resolve) => {
    asked.request({ origin: NOWHERE, method: 'GET', path: '/', ...wrong }, resolve)
  })
  expect(await within('the callback', told)).toMatchObject({ code: 'UND_ERR_INVALID_ARG' })
})

test('a head that is fine goes on as before', async () => {
  const { origin } = await rawUpstream(takes)
  const client = await RawClient.connect(await front([origin, SECURE_NOWHERE], { tls: { ca: [] } }))
  expect((await client.send(`${head({ length: 5 })}hello`).final()).status).toBe(201)
})
