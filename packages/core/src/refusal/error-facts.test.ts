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
  it('show a 4xx message, unless told not to', () => {
    expect(describeError(thrown('No such file', { status: 404 }))).toEqual({
      status: 404,
      reason: 'not_found',
      message: 'No such file',
      headers: {},
    })
    expect(describeError(thrown('secret', { statusCode: 403, expose: false }))).toMatchObject({
      status: 403,
      message: 'Forbidden',
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
      'X-List': ['a', 'b'],
      'Content-Length': '9',
      'content-type': 'text/plain',
      'Content-Encoding': 'gzip',
      'Transfer-Encoding': 'chunked',
      Connection: 'keep-alive',
      'Keep-Alive': 'timeout=5',
      Trailer: 'x',
      Upgrade: 'h2c',
    }
    expect(describeError(thrown('x', { status: 401, headers })).headers).toEqual({
      'WWW-Authenticate': 'Basic',
      'retry-after': '30',
    })
  })
})

describe('errors of known libraries', () => {
  it('Boom: status and headers of its output, message of a 4xx only', () => {
    const output = { statusCode: 401, headers: { 'WWW-Authenticate': 'Token' } }
    expect(describeError(thrown('Bad token', { isBoom: true, output }))).toEqual({
      status: 401,
      reason: 'unauthorized',
      message: 'Bad token',
      headers: { 'WWW-Authenticate': 'Token' },
    })
    const internal = { isBoom: true, output: { statusCode: 500, headers: {} } }
    expect(describeError(thrown('secret', internal))).toEqual(UNKNOWN)
  })

  it.each([
    ['entity.too.large', 413, 413, 'content_too_large'],
    ['encoding.unsupported', 415, 415, 'unsupported_content_coding'],
    ['charset.unsupported', 415, 415, 'unsupported_media_type'],
    ['entity.parse.failed', 400, 400, 'bad_request'],
    ['entity.verify.failed', 403, 403, 'forbidden'],
    ['request.size.invalid', 400, 400, 'bad_request'],
    ['parameters.too.many', 413, 413, 'content_too_large'],
  ])('body-parser %s, without quoting the client', (type, given, status, reason) => {
    const quoting = thrown('unsupported "<what the client sent>"', {
      type,
      status: given,
      expose: true,
    })
    const facts = describeError(quoting)
    expect(facts).toMatchObject({ status, reason })
    expect(facts.message).not.toContain('client sent')
  })

  it.each([
    ['FST_ERR_CTP_BODY_TOO_LARGE', 413, 'content_too_large'],
    ['FST_ERR_CTP_INVALID_MEDIA_TYPE', 415, 'unsupported_media_type'],
    ['FST_ERR_CTP_INVALID_CONTENT_LENGTH', 400, 'bad_request'],
  ])('Fastify %s', (code, statusCode, reason) => {
    const facts = describeError(thrown('quotes "this"', { code, statusCode }))
    expect(facts).toMatchObject({ status: statusCode, reason })
    expect(facts.message).not.toContain('this')
  })

  it('Fastify validation is 400, and says what is wrong', () => {
    const facts = describeError(thrown('body/name must be string', { validation: [{}] }))
    expect(facts).toMatchObject({ status: 400, message: 'body/name must be string' })
  })

  it.each([
    ['LIMIT_FILE_SIZE', 413, 'content_too_large'],
    ['LIMIT_FILE_COUNT', 413, 'content_too_large'],
    ['LIMIT_FIELD_VALUE', 413, 'content_too_large'],
    ['LIMIT_UNEXPECTED_FILE', 400, 'bad_request'],
    ['MISSING_FIELD_NAME', 400, 'bad_request'],
  ])('multer %s', (code, status, reason) => {
    const facts = describeError(thrown('File too large', { name: 'MulterError', code }))
    expect(facts).toMatchObject({ status, reason, message: 'File too large' })
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
