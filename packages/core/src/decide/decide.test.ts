// The synchronous rules: what is asked, in which order, and what each refusal says.

import { describe, expect, it } from '@jest/globals'
import type { HeaderFields, RequestHead } from '../head/request-head.js'
import { headOf, uploadOf } from '../head/testing/head-of.js'
import type { ExpectationOptions } from '../policy/options.js'
import { compilePolicy } from '../policy/policy.js'
import { decide } from './decide.js'
import type { Decision, RefuseDecision } from './decision.js'

function decided(head: RequestHead, options: ExpectationOptions = {}): Decision {
  return decide(head, compilePolicy(options))
}

function refused(head: RequestHead, options: ExpectationOptions = {}): RefuseDecision {
  const decision = decided(head, options)
  if (decision.kind !== 'refuse') throw new Error(`was let through: ${decision.kind}`)
  return decision
}

const waiting = (headers: HeaderFields = {}) => uploadOf({ expect: '100-continue', ...headers })

describe('a request that breaks no rule', () => {
  it('continues when it announces content and waits', () => {
    expect(decided(waiting())).toEqual({ kind: 'continue' })
    expect(decided(headOf({ 'transfer-encoding': 'chunked', expect: '100-Continue' }))).toEqual({
      kind: 'continue',
    })
  })

  it('passes when it does not wait', () => {
    expect(decided(headOf())).toEqual({ kind: 'pass' })
    expect(decided(uploadOf())).toEqual({ kind: 'pass' })
  })

  it('passes when it waits without content (R6, R13)', () => {
    expect(decided(headOf({ expect: '100-continue' }))).toEqual({ kind: 'pass' })
    expect(decided(headOf({ expect: '100-continue', 'content-length': '0' }))).toEqual({
      kind: 'pass',
    })
  })

  it('passes on HTTP/1.0, whatever it expects (R11)', () => {
    for (const expectation of ['100-continue', 'foo', '"']) {
      expect(decided(uploadOf({ expect: expectation }, { version: '1.0' }))).toEqual({
        kind: 'pass',
      })
    }
  })

  it('still meets the content rules on HTTP/1.0', () => {
    const head = uploadOf({ expect: '100-continue' }, { version: '1.0' })
    expect(refused(head, { maxContentLength: 4 }).refusal.status).toBe(413)
  })
})

describe('unknown and malformed expectations (R4)', () => {
  const sendAgain =
    'Send the request again without the Expect header, or with exactly: Expect: 100-continue'

  it.each([
    ['foo', 'unsupported_expectation'],
    ['100-continue, foo', 'unsupported_expectation'],
    ['100-continue=1', 'unsupported_expectation'],
    ['y 100-continue', 'malformed_expectation'],
    ['100-continue;q=1', 'malformed_expectation'],
  ])('%s is refused with 417, with and without content', (expectation, reason) => {
    for (const head of [headOf({ expect: expectation }), uploadOf({ expect: expectation })]) {
      expect(refused(head)).toMatchObject({
        by: 'expectation',
        refusal: { status: 417, reason, message: 'Expectation Failed', details: sendAgain },
      })
    }
  })

  it('are as if they were not there, when ignored', () => {
    const ignoring = { unknownExpectation: 'ignore' } as const
    expect(decided(uploadOf({ expect: 'foo' }), ignoring)).toEqual({ kind: 'pass' })
    expect(decided(uploadOf({ expect: 'foo, 100-continue' }), ignoring)).toEqual({
      kind: 'continue',
    })
    expect(decided(headOf({ expect: 'foo, 100-continue' }), ignoring)).toEqual({ kind: 'pass' })
  })

  it('never lead to a 100 when malformed, even when ignored', () => {
    const head = uploadOf({ expect: '100-continue, "' })
    expect(decided(head, { unknownExpectation: 'ignore' })).toEqual({ kind: 'pass' })
  })

  it('are left to their deciders only when all of them have one', () => {
    const options = { expectations: { foo: () => false } }
    expect(decided(uploadOf({ expect: 'FOO=1, 100-continue' }), options)).toEqual({
      kind: 'continue',
    })
    expect(refused(uploadOf({ expect: 'foo, bar' }), options).by).toBe('expectation')
  })
})

describe('a server that does not negotiate', () => {
  const options = { acceptContinue: false }

  it('refuses 100-continue with content, and says so', () => {
    expect(refused(waiting(), options)).toMatchObject({
      by: 'expectation',
      refusal: {
        status: 417,
        reason: 'unsupported_expectation',
        details: '100-continue negotiation not supported',
      },
    })
  })

  it('refuses it beside an ignored expectation too', () => {
    const head = uploadOf({ expect: 'foo, 100-continue' })
    expect(refused(head, { ...options, unknownExpectation: 'ignore' }).refusal.status).toBe(417)
  })

  it('has nothing against it without content, and against content without it', () => {
    expect(decided(headOf({ expect: '100-continue' }), options)).toEqual({ kind: 'pass' })
    expect(decided(uploadOf(), options)).toEqual({ kind: 'pass' })
  })
})

describe('length and size', () => {
  const chunked = headOf({ 'transfer-encoding': 'chunked' })

  it('an undeclared length is refused with 411 where one is required', () => {
    expect(refused(chunked, { requireContentLength: true })).toMatchObject({
      by: 'length',
      refusal: { status: 411, reason: 'length_required' },
    })
    expect(decided(uploadOf(), { requireContentLength: true })).toEqual({ kind: 'pass' })
    expect(decided(headOf(), { requireContentLength: true })).toEqual({ kind: 'pass' })
  })

  it('one byte over the limit is refused with 413, the limit itself is not', () => {
    expect(refused(uploadOf(), { maxContentLength: 4 })).toMatchObject({
      by: 'size',
      refusal: { status: 413, reason: 'content_too_large', details: { limit: 4, declared: 5 } },
    })
    expect(decided(uploadOf(), { maxContentLength: 5 })).toEqual({ kind: 'pass' })
  })

  it('an undeclared length is not judged by the head', () => {
    expect(decided(chunked, { maxContentLength: 0 })).toEqual({ kind: 'pass' })
  })
})

describe('type and coding', () => {
  const typed = (type: string) => uploadOf({ 'content-type': type })
  const coded = (coding: string | readonly string[]) => uploadOf({ 'content-encoding': coding })

  it('an accepted type passes, with parameters and in any case', () => {
    const options = { acceptedTypes: ['video/*', 'json', '+json'] }
    for (const type of ['Video/MP4', 'application/json; charset=utf-8', 'application/a+json']) {
      expect([type, decided(typed(type), options)]).toEqual([type, { kind: 'pass' }])
    }
  })

  it('another type, junk and none are refused with 415, and told what is accepted', () => {
    const options = { acceptedTypes: ['video/*', 'json'] }
    for (const head of [typed('text/plain'), typed('junk'), typed(''), uploadOf()]) {
      expect(refused(head, options)).toMatchObject({
        by: 'type',
        refusal: {
          status: 415,
          reason: 'unsupported_media_type',
          headers: { Accept: 'video/*, application/json' },
          details: { accepted: ['video/*', 'application/json'] },
        },
      })
    }
  })

  it('a coding that is not accepted is refused with 415, and told which are', () => {
    expect(refused(coded('br'), { acceptedCodings: ['gzip', 'deflate'] })).toMatchObject({
      by: 'coding',
      refusal: {
        status: 415,
        reason: 'unsupported_content_coding',
        headers: { 'Accept-Encoding': 'gzip, deflate' },
      },
    })
    expect(refused(coded('gzip'), { acceptedCodings: [] }).refusal.headers).toEqual({
      'Accept-Encoding': 'identity',
    })
  })

  it('every coding of the list must be accepted', () => {
    const options = { acceptedCodings: ['gzip', 'br'] }
    expect(decided(coded('GZIP, br'), options)).toEqual({ kind: 'pass' })
    expect(decided(coded(['x-gzip', 'br']), options)).toEqual({ kind: 'pass' })
    expect(refused(coded('gzip, zstd'), options).by).toBe('coding')
  })

  it('content without a coding is always accepted', () => {
    for (const head of [uploadOf(), coded('identity'), coded(''), coded(' , ')]) {
      expect(decided(head, { acceptedCodings: [] })).toEqual({ kind: 'pass' })
    }
  })
})

describe('the order of the rules', () => {
  const strict: ExpectationOptions = {
    maxContentLength: 4,
    requireContentLength: true,
    acceptedTypes: ['video/*'],
    acceptedCodings: [],
  }
  const wrong = { 'content-type': 'text/plain', 'content-encoding': 'br' }

  it('is expectation, length, size, type, coding', () => {
    const by = [
      refused(uploadOf({ ...wrong, expect: 'foo' }), strict).by,
      refused(headOf({ ...wrong, 'transfer-encoding': 'chunked' }), strict).by,
      refused(uploadOf(wrong), strict).by,
      refused(uploadOf({ ...wrong, 'content-length': '4' }), strict).by,
      refused(uploadOf({ ...wrong, 'content-length': '4', 'content-type': 'video/mp4' }), strict)
        .by,
    ]
    expect(by).toEqual(['expectation', 'length', 'size', 'type', 'coding'])
  })

  it('leaves requests without content alone', () => {
    expect(decided(headOf(wrong), strict)).toEqual({ kind: 'pass' })
  })
})

describe('more than one Host (RFC 9112 section 3.2)', () => {
  it('is 400, before anything else is asked', () => {
    const head = waiting({ expect: 'something-else', host: ['a.example', 'b.example'] })
    expect(refused(head)).toMatchObject({ by: 'host', refusal: { status: 400 } })
  })

  it('is one, when it was sent once', () => {
    expect(decided(waiting({ host: ['a.example'] }))).toEqual({ kind: 'continue' })
  })
})

describe('a Transfer-Encoding that does not end in chunked (RFC 9112 section 6.3)', () => {
  it.each(['xchunked', 'chunked, gzip', ''])('%j is 400, and never asked for', (coding) => {
    const head = headOf({ 'transfer-encoding': coding, expect: '100-continue' })
    expect(refused(head)).toMatchObject({ by: 'framing', refusal: { status: 400 } })
  })

  it('is read when it does', () => {
    const head = headOf({ 'transfer-encoding': 'gzip, Chunked', expect: '100-continue' })
    expect(decided(head)).toEqual({ kind: 'continue' })
  })
})
