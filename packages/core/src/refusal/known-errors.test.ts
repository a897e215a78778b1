// What errors of other libraries mean in our words, without quoting what the client sent.

import { describe, expect, it } from '@jest/globals'
import { describeError } from './error-facts.js'
import { Refusal } from './refusal.js'

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

  it('@fastify/reply-from: the refusal that it was made of, and nothing else', () => {
    const code = 'FST_REPLY_FROM_INTERNAL_SERVER_ERROR'
    const refusal = new Refusal(413, { details: 'Too much' })
    expect(describeError(thrown('', { code, cause: refusal }))).toEqual(describeError(refusal))
    expect(describeError(thrown('', { code, cause: new Error('secret') }))).toEqual(UNKNOWN)
    expect(describeError(thrown('', { cause: refusal }))).toEqual(UNKNOWN)
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
    'Multipart: Boundary not found',
    'Unexpected end of form',
    'Part terminated early due to unexpected end of multipart data',
    'Malformed part header',
  ])("busboy: %s is the client's mistake", (message) => {
    expect(describeError(new Error(message))).toMatchObject({
      status: 400,
      message: 'The content could not be parsed',
    })
    expect(describeError(thrown(message, { status: 500 })).status).toBe(500)
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
