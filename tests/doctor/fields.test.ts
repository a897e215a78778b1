// Fields of the caller: each is in every request, over HTTP/1.1 and over HTTP/2, or an OptionError says before
// anything is sent why it cannot be.

import http from 'node:http'
import http2 from 'node:http2'
import { type DoctorOptions, doctor, doctorBehind, OptionError } from '@expectation/doctor'
import { certificate } from '../support/certificate.js'
import { freePort } from '../support/free-port.js'
import { serve } from '../support/server.js'
import { listening } from './listening.js'

type Heads = { readonly url: string; readonly heads: readonly http.IncomingHttpHeaders[] }

/** Refuses everything, and keeps the heads; one of them comes over HTTP/2. */
async function secure(): Promise<Heads> {
  const heads: http.IncomingHttpHeaders[] = []
  const server = http2.createSecureServer({ ...certificate, allowHTTP1: true })
  for (const event of ['request', 'checkContinue', 'checkExpectation']) {
    server.on(event, (request: http2.Http2ServerRequest, response: http2.Http2ServerResponse) => {
      heads.push(request.headers)
      response.writeHead(404, request.httpVersion === '2.0' ? {} : { Connection: 'close' }).end()
    })
  }
  const { port } = await listening(server)
  return { url: `https://127.0.0.1:${port}`, heads }
}

function* generated(): Generator<readonly [string, string]> {
  yield ['Authorization', 'Bearer right']
}

const given: readonly (readonly [string, () => NonNullable<DoctorOptions['headers']>])[] = [
  ['an object', () => ({ Authorization: 'Bearer right' })],
  [
    'an object without a prototype',
    () => Object.assign(Object.create(null), { Authorization: 'Bearer right' }),
  ],
  ['entries', () => [['Authorization', 'Bearer right']]],
  ['a Map', () => new Map([['Authorization', 'Bearer right']])],
  ['Headers', () => new Headers({ Authorization: 'Bearer right' })],
  ['what gives entries once', generated],
  ['a value with space around it', () => ({ Authorization: ' Bearer right\t' })],
]

test.each(given)('%s: in every request', async (_what, headers) => {
  const { url, heads } = await secure()
  const report = await doctor(url, { headers: headers(), insecure: true, timeoutMs: 1_000 })
  expect(report.probes.map(({ name }) => name)).toContain('http2')
  expect(heads.filter(({ ':path': path }) => path !== undefined)).toHaveLength(1)
  expect(heads.length).toBeGreaterThan(8)
  for (const head of heads) expect(head.authorization).toBe('Bearer right')
})

test('RFC 9110 5.3, RFC 9113 8.2.3, 8.3.1: repeated fields, cookies and Host say the same in HTTP/2', async () => {
  const { url, heads } = await secure()
  const headers = [
    ['X-A', '1'],
    ['x-a', '2'],
    ['Cookie', 'a=1'],
    ['Cookie', 'b=2'],
    ['Host', 'api.example.com'],
    ['TE', 'trailers'],
  ] as const
  await doctor(url, { headers, insecure: true, timeoutMs: 1_000 })
  const seen = heads.map((head) => ({
    list: head['x-a'],
    cookie: head.cookie,
    host: head[':authority'] ?? head.host,
    te: head.te,
  }))
  const told = { list: '1, 2', cookie: 'a=1; b=2', host: 'api.example.com', te: 'trailers' }
  for (const each of seen) expect(each).toEqual(told)
  expect(heads.some((head) => head[':authority'] !== undefined)).toBe(true)
})

class Credentials {
  get Authorization(): string {
    return 'Bearer secret'
  }
}

const wrong: readonly (readonly [string, unknown])[] = [
  ['headers', Promise.resolve({ Authorization: 'Bearer secret' })],
  ['headers', Object.create({ Authorization: 'Bearer secret' })],
  ['headers', new Credentials()],
  ['headers', new Date()],
  ['headers', new Response('secret', { headers: { Authorization: 'Bearer secret' } })],
  ['headers', 'Authorization: Bearer secret'],
  ['headers', ['Authorization', 'Bearer secret']],
  ['headers', [['Authorization', 'Bearer', 'secret']]],
  ['headers', [1]],
  ['headers', [null]],
  ['headers', [[Symbol('Authorization'), 'secret']]],
  ['headers', new Set(['Authorization'])],
  ['headers.Authorization', { Authorization: undefined }],
  ['headers.Authorization', { Authorization: ['Bearer secret'] }],
  [
    'headers.authorization',
    [
      ['Authorization', 'a'],
      ['authorization', 'secret'],
    ],
  ],
  [
    'headers.content-type',
    [
      ['Content-Type', 'a/b'],
      ['content-type', 'c/d'],
    ],
  ],
  // RFC 9113 section 8.2.2: no field of a connection in HTTP/2.
  ['headers.Keep-Alive', { 'Keep-Alive': 'timeout=5' }],
  ['headers.Upgrade', { Upgrade: 'h2c' }],
  ['headers.Proxy-Connection', { 'Proxy-Connection': 'close' }],
  ['headers.HTTP2-Settings', { 'HTTP2-Settings': 'x' }],
  ['headers.TE', { TE: 'gzip' }],
  ['headers.Connection', { Connection: 'close' }],
  ['headers.Transfer-Encoding', { 'Transfer-Encoding': 'chunked' }],
  ['headers.expect', new Headers({ Expect: '100-continue' })],
  ['headers.If-Match', { 'If-Match': '*' }],
]

async function untouched(): Promise<{ readonly url: string; connections(): number }> {
  let count = 0
  const server = http.createServer((_request, response) => response.end())
  server.on('connection', () => {
    count += 1
  })
  return { url: (await serve(server)).url, connections: () => count }
}

test.each(wrong)('%s: told before anything is sent, without its value', async (option, headers) => {
  const { url, connections } = await untouched()
  for (const run of [
    Reflect.apply(doctor, undefined, [url, { headers }]),
    Reflect.apply(doctorBehind, undefined, [url, { headers, origin: await freePort() }]),
  ]) {
    const error = await Promise.resolve(run).catch((thrown: unknown) => thrown)
    expect(error).toBeInstanceOf(OptionError)
    expect(error).toMatchObject({ option, code: 'ERR_EXPECTATION_INVALID_OPTION' })
    expect(String(error)).not.toContain('secret')
  }
  expect(connections()).toBe(0)
})

const bare: unknown = Object.create(null)
const others: readonly (readonly [string, object | null])[] = [
  ['options', null],
  ['options', new Map()],
  ['options', Promise.resolve({})],
  ['bytes', { bytes: bare }],
  ['bytes', { bytes: null }],
  ['bytes', { bytes: Symbol('1mb') }],
  ['origin', { origin: bare }],
  ['origin', { origin: Symbol('3000') }],
  ['origin', { origin: [3000] }],
  ['origin', {}],
  ['method', { method: bare }],
  ['timeoutMs', { timeoutMs: bare }],
]

test.each(others)('doctorBehind, %s: told before anything is sent', async (option, options) => {
  const { url, connections } = await untouched()
  const run = Reflect.apply(doctorBehind, undefined, [url, options])
  await expect(run).rejects.toBeInstanceOf(OptionError)
  await expect(run).rejects.toMatchObject({ option })
  expect(connections()).toBe(0)
})

test.each([bare, null, undefined, Symbol('url'), { href: 'http://a' }])(
  'a url that is none (%#) is told',
  async (url) => {
    for (const run of [
      Reflect.apply(doctor, undefined, [url]),
      Reflect.apply(doctorBehind, undefined, [url, { origin: 3000 }]),
    ]) {
      await expect(run).rejects.toBeInstanceOf(OptionError)
      await expect(run).rejects.toMatchObject({ option: 'url' })
    }
  },
)

const ALL = ['method', 'headers', 'bytes', 'insecure', 'timeoutMs', 'signal', 'onProbe'] as const

test.each([
  ...ALL.map((option) => ['doctorBehind', option] as const),
  ...[...ALL, 'accepts', 'desync'].map((option) => ['doctor', option] as const),
])('%s: null is no default for %s', async (name, option) => {
  const { url, connections } = await untouched()
  const run =
    name === 'doctor'
      ? Reflect.apply(doctor, undefined, [url, { [option]: null }])
      : Reflect.apply(doctorBehind, undefined, [url, { origin: await freePort(), [option]: null }])
  await expect(run).rejects.toMatchObject({ name: 'OptionError', option })
  expect(connections()).toBe(0)
})

test('doctor: what cannot be text is no route, and what is inherited is looked at', async () => {
  for (const [option, options] of [
    ['accepts', { accepts: bare }],
    ['accepts', { accepts: ['PUT /a'] }],
    ['bytes', { bytes: bare }],
    ['byte', Object.create({ byte: 1 })],
  ] as const) {
    const run = Reflect.apply(doctor, undefined, ['http://127.0.0.1:9', options])
    await expect(run).rejects.toMatchObject({ name: 'OptionError', option })
  }
})
