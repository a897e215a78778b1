// What may be told about whatever was thrown.

import { describe, expect, it } from '@jest/globals'
import fc from 'fast-check'
import { describeError } from './error-facts.js'
import { Refusal } from './refusal.js'
import { contentTooLarge, unsupportedMediaType } from './stock.js'

const UNKNOWN = {
  status: 500,
  reason: 'internal_error',
  message: 'Internal Server Error',
  headers: {},
}

/** An error with more properties, as libraries make them. */
function thrown(message: string, properties: object): Error {
  return Object.assign(new Error(message), properties)
}

describe('a refusal', () => {
  it('tells all it carries, 5xx too', () => {
    const refusal = new Refusal(503, {
      reason: 'disk_full',
      message: 'The disk is full',
      details: { free: 0 },
      headers: { 'Retry-After': '5' },
      cause: new Error('secret'),
    })
    expect(describeError(refusal)).toEqual({
      status: 503,
      reason: 'disk_full',
      message: 'The disk is full',
      details: { free: 0 },
      headers: { 'Retry-After': '5' },
    })
  })

  it('of the library tells the same as one that is read with care', () => {
    const stock = contentTooLarge(1, 2)
    const { reason, message, details, headers } = stock
    const own = new Refusal(413, { reason, message, details, headers })
    expect(describeError(stock)).toEqual(describeError(own))
  })

  it('of the library tells what was changed since, and is read with care then', () => {
    const hostile = () => {
      throw new Error('no')
    }
    const changes: [PropertyDescriptor & ThisType<Refusal>, object][] = [
      [{ value: { limit: 5n } }, { status: 413 }],
      [{ value: { limit: 5 } }, { status: 413, details: { limit: 5 } }],
      [{ get: hostile }, { status: 413 }],
    ]
    for (const [details, told] of changes) {
      const refusal = Object.defineProperty(contentTooLarge(1, 2), 'details', details)
      expect(describeError(refusal)).toEqual({
        reason: 'content_too_large',
        message: 'Content Too Large',
        headers: {},
        ...told,
      })
    }
    const moved = Object.assign(contentTooLarge(1), { status: 507, reason: 'Not A Slug' })
    expect(describeError(moved)).toMatchObject({ status: 507, reason: 'insufficient_storage' })
  })

  it('of the library has details that cannot be changed under its hands', () => {
    for (const { details } of [contentTooLarge(1, 2), unsupportedMediaType(['video/*'])]) {
      const members = typeof details === 'object' ? Object.values(details) : []
      expect(members).not.toHaveLength(0)
      expect([details, ...members].every(Object.isFrozen)).toBe(true)
    }
  })

  it('of another copy with damage is described as far as it is sound', () => {
    const foreign = {
      [Symbol.for('@expectation/core/Refusal')]: true,
      status: 99,
      reason: 'Not A Slug',
      details: { n: 5n },
      get message() {
        throw new Error('no')
      },
    }
    expect(describeError(foreign)).toEqual(UNKNOWN)
  })
})

describe('http-errors and their like', () => {
  it('show a message that was made to be shown, and no other', () => {
    expect(describeError(thrown('No such file', { status: 404, expose: true }))).toEqual({
      status: 404,
      reason: 'not_found',
      message: 'No such file',
      headers: {},
    })
    for (const expose of [undefined, false, 1, 'true']) {
      expect(describeError(thrown('secret', { statusCode: 403, expose }))).toMatchObject({
        status: 403,
        message: 'Forbidden',
      })
    }
  })

  it('of an SDK tell its status, and nothing of its own request', () => {
    const headers = { 'set-cookie': 'a=b', 'x-request-id': 'r1', 'WWW-Authenticate': 'Key' }
    const error = thrown('Incorrect API key provided: sk-abcd', { status: 401, headers })
    expect(describeError(error)).toEqual({
      status: 401,
      reason: 'unauthorized',
      message: 'Unauthorized',
      headers: {},
    })
  })

  it.each([
    ['120', { 'Retry-After': '120' }],
    ['Fri, 31 Dec 2027 23:59:59 GMT', { 'Retry-After': 'Fri, 31 Dec 2027 23:59:59 GMT' }],
    ['ask ops@internal', {}],
  ])('keep a Retry-After of %j beside 503, if it is one', (value, headers) => {
    const given = { 'Retry-After': value, 'X-Host': 'db1' }
    const error = thrown('down', { status: 503, expose: false, headers: given })
    expect(describeError(error).headers).toEqual(headers)
    expect(describeError(thrown('down', { status: 500, headers: given })).headers).toEqual({})
  })

  it('keep Content-Range with 416, and the security policy, but no description of content', () => {
    const headers = {
      'Content-Range': 'bytes */524',
      'Content-Security-Policy': "default-src 'none'",
      'Content-Length': '9',
    }
    const error = (status: number) => thrown('x', { status, expose: true, headers })
    expect(describeError(error(416)).headers).toEqual({
      'Content-Range': 'bytes */524',
      'Content-Security-Policy': "default-src 'none'",
    })
    expect(describeError(error(404)).headers).toEqual({
      'Content-Security-Policy': "default-src 'none'",
    })
  })

  it('hide a 5xx message, unless it was made to be shown', () => {
    expect(describeError(thrown('secret', { status: 502 }))).toMatchObject({
      status: 502,
      message: 'Bad Gateway',
    })
    expect(describeError(thrown('Try tomorrow', { status: 503, expose: true }))).toMatchObject({
      message: 'Try tomorrow',
    })
  })

  it('are unknown with a status that is no error, or no number', () => {
    for (const status of [200, 304, 600, 404.5, '404', Number.NaN, null]) {
      expect(describeError(thrown('secret', { status }))).toEqual(UNKNOWN)
    }
  })

  it('fall back to statusCode, then to httpCode as formidable writes it', () => {
    expect(describeError(thrown('x', { status: 0, statusCode: 409 })).status).toBe(409)
    expect(describeError(thrown('too big', { httpCode: 413 }))).toMatchObject({
      status: 413,
      reason: 'content_too_large',
    })
  })

  it('keep their valid headers, and none that belongs to the message or the connection', () => {
    const headers = {
      'WWW-Authenticate': 'Basic',
      'retry-after': 30,
      'X-Split': 'a\r\nSet-Cookie: b',
      'bad name': 'x',
      'Set-Cookie': ['a=1', 'b=2\r\nX: y', 3, null, {}],
      'X-None': [],
      'X-Nothing': [{}, 'a\nb'],
      Via: revokedProxy(),
      'Content-Length': '9',
      'content-type': 'text/plain',
      'Content-Encoding': 'gzip',
      'Transfer-Encoding': 'chunked',
      Connection: 'keep-alive',
      'Keep-Alive': 'timeout=5',
      Trailer: 'x',
      Upgrade: 'h2c',
    }
    expect(describeError(thrown('x', { status: 401, expose: true, headers })).headers).toEqual({
      'WWW-Authenticate': 'Basic',
      'retry-after': '30',
      'Set-Cookie': ['a=1', '3'],
    })
  })
})

describe('anything else', () => {
  it.each([
    ['undefined', undefined],
    ['null', null],
    ['a string', 'secret'],
    ['a number', 404],
    ['a symbol', Symbol('secret')],
    ['an object', {}],
    ['a function', () => {}],
    ['a plain error', new Error('secret')],
    ['an error of the file system', thrown('ENOENT: /etc/secret', { code: 'ENOENT' })],
    ['an object without a prototype', Object.create(null)],
    ['a revoked proxy', revokedProxy()],
    ['a proxy that throws at every look', hostileProxy()],
    ['getters that throw', throwingGetters()],
    ['headers that throw', { headers: hostileProxy() }],
    ['a validation that is revoked', { validation: revokedProxy() }],
    ['wrong types everywhere', { message: {}, headers: 'x', type: 1, code: [], isBoom: 'yes' }],
  ])('is a 500 that tells nothing: %s', (_what, value) => {
    expect(describeError(value)).toEqual(UNKNOWN)
  })

  it('never throws, and always gives what can be rendered', () => {
    const names = [
      'status',
      'statusCode',
      'message',
      'headers',
      'expose',
      'type',
      'code',
      'isBoom',
      'output',
    ]
    const value = fc.dictionary(fc.constantFrom(...names), fc.anything())
    fc.assert(
      fc.property(fc.oneof(fc.anything(), value), (anything) => {
        const facts = describeError(anything)
        expect(facts.status).toBeGreaterThanOrEqual(400)
        expect(facts.status).toBeLessThanOrEqual(599)
        expect(typeof facts.message).toBe('string')
      }),
    )
  })
})

function hostileProxy(): object {
  const refuse = () => {
    throw new Error('no')
  }
  return new Proxy({}, { get: refuse, has: refuse, ownKeys: refuse, getPrototypeOf: refuse })
}

function revokedProxy(): object {
  const { proxy, revoke } = Proxy.revocable({}, {})
  revoke()
  return proxy
}

function throwingGetters(): object {
  const get = () => {
    throw new Error('no')
  }
  return Object.defineProperties({}, { status: { get }, message: { get }, isBoom: { get } })
}
