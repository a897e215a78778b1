// Rendered errors: shapes, negotiation, fields, and formatters that misbehave.

import { describe, expect, it, jest } from '@jest/globals'
import fc from 'fast-check'
import { headOf } from '../head/testing/head-of.js'
import { type BodyFormatter, renderError } from './body.js'
import { describeError, type ErrorFacts } from './error-facts.js'
import { Refusal } from './refusal.js'
import { unsupportedExpectation } from './stock.js'

const facts = describeError(unsupportedExpectation())
const details =
  'Send the request again without the Expect header, or with exactly: Expect: 100-continue'
const ERROR_BODY = {
  error: { code: 417, reason: 'unsupported_expectation', message: 'Expectation Failed', details },
}
const BROWSER = 'text/html,application/xhtml+xml,application/xml;q=0.9,image/avif,*/*;q=0.8'

const accepting = (accept: string | readonly string[]) => headOf({ accept })

/** Facts of a refusal that carries these fields. */
function factsOf(status: number, headers: Record<string, string> = {}): ErrorFacts {
  return describeError(new Refusal(status, { headers }))
}

describe('the shapes', () => {
  it('error is the default', () => {
    const { status, body, headers } = renderError(facts, headOf())
    expect(status).toBe(417)
    expect(JSON.parse(body)).toEqual(ERROR_BODY)
    expect(headers).toEqual({
      'Content-Type': 'application/json; charset=utf-8',
      'Content-Length': String(body.length),
      'Cache-Control': 'no-store',
    })
  })

  it('flat', () => {
    expect(JSON.parse(renderError(facts, headOf(), 'flat').body)).toEqual({
      error: 'unsupported_expectation',
      message: 'Expectation Failed',
    })
  })

  it('problem (RFC 9457)', () => {
    const { body, headers } = renderError(facts, headOf(), 'problem')
    expect(headers['Content-Type']).toBe('application/problem+json; charset=utf-8')
    expect(JSON.parse(body)).toEqual({
      type: 'urn:expectation:error#unsupported_expectation',
      title: 'Expectation Failed',
      status: 417,
      detail: details,
      reason: 'unsupported_expectation',
    })
  })

  it('problem keeps its title, and says a message of its own as detail', () => {
    const own = describeError(new Refusal(429, { message: 'No quota left', details: { left: 0 } }))
    expect(JSON.parse(renderError(own, headOf(), 'problem').body)).toMatchObject({
      title: 'Too Many Requests',
      detail: 'No quota left',
      details: { left: 0 },
    })
  })

  it('leave details out when there are none', () => {
    const bare = factsOf(404)
    expect(JSON.parse(renderError(bare, headOf()).body).error).not.toHaveProperty('details')
    expect(JSON.parse(renderError(bare, headOf(), 'problem').body)).not.toHaveProperty('detail')
  })
})

describe('the choice by Accept (RFC 9110 section 12.5.1)', () => {
  const kindOf = (accept: string | readonly string[], format?: 'error' | 'problem' | 'flat') =>
    renderError(facts, accepting(accept), format)
      .headers['Content-Type']?.toString()
      .replace(/;.*/, '')

  it.each([
    ['*/*', 'application/json'],
    ['', 'application/json'],
    ['application/json', 'application/json'],
    ['application/*', 'application/json'],
    ['application/json, text/plain, */*', 'application/json'],
    ['image/png', 'application/json'],
    [BROWSER, 'text/html'],
    ['text/html', 'text/html'],
    ['text/html, */*', 'text/html'],
    ['TEXT/HTML', 'text/html'],
    ['text/html;q=0', 'application/json'],
    ['text/html;q=0, */*', 'application/json'],
    ['text/html;q=0.5, application/json', 'application/json'],
    ['text/html, application/json;q=0.5', 'text/html'],
    ['application/problem+json', 'application/problem+json'],
    ['application/problem+json, application/json;q=0.9', 'application/problem+json'],
    ['application/problem+json;q=0.1, application/json', 'application/json'],
    ['application/problem+json;q=0, text/html;q=0.2', 'text/html'],
    ['garbage', 'application/json'],
    [',,;;=/', 'application/json'],
    ['text/html;q=high', 'application/json'],
  ])('"%s" gets %s', (accept, type) => {
    expect(kindOf(accept)).toBe(type)
  })

  it('reads several lines as one list', () => {
    expect(kindOf(['application/json;q=0.1', 'text/html'])).toBe('text/html')
  })

  it('changes problem and flat only for an explicit wish', () => {
    expect(kindOf('*/*', 'problem')).toBe('application/problem+json')
    expect(kindOf('application/json', 'problem')).toBe('application/problem+json')
    expect(kindOf(BROWSER, 'problem')).toBe('text/html')
    expect(kindOf('application/problem+json', 'flat')).toBe('application/problem+json')
  })

  it('never fails on any Accept', () => {
    const junk = fc.string({ unit: fc.constantFrom(...'text/html*application,;=" q0.1\\') })
    fc.assert(
      fc.property(fc.oneof(junk, fc.string({ unit: 'binary' })), (accept) => {
        expect(renderError(facts, accepting(accept)).status).toBe(417)
      }),
    )
  })
})

describe('the fields', () => {
  it.each([
    [401, 'WWW-Authenticate', 'Bearer'],
    [405, 'Allow', ''],
    [429, 'Retry-After', '1'],
    [503, 'Retry-After', '1'],
  ])('%i never goes without %s, and what the thrower said wins', (status, name, value) => {
    expect(renderError(factsOf(status), headOf()).headers[name]).toBe(value)
    const own = renderError(factsOf(status, { [name.toLowerCase()]: 'own' }), headOf()).headers
    expect(own[name]).toBe('own')
    expect(Object.keys(own).filter((key) => key.toLowerCase() === name.toLowerCase())).toEqual([
      name,
    ])
  })

  it('are written in canonical capitalisation, capitals that are there stay', () => {
    const { headers } = renderError(
      factsOf(400, { 'x-request-id': '1', 'X-RateLimit': '2', etag: '3' }),
      headOf(),
    )
    expect(Object.keys(headers)).toEqual(
      expect.arrayContaining(['X-Request-Id', 'X-RateLimit', 'ETag']),
    )
  })

  it("are never cached, and never the thrower's own length or type", () => {
    const stale = {
      ...factsOf(400),
      headers: { 'cache-control': 'max-age=60', 'content-length': '1', 'content-type': 'x/y' },
    }
    const { headers, body } = renderError(stale, headOf())
    expect(headers).toEqual({
      'Cache-Control': 'no-store',
      'Content-Length': String(body.length),
      'Content-Type': 'application/json; charset=utf-8',
    })
  })

  it('count the length in bytes of UTF-8', () => {
    const snow = describeError(new Refusal(400, { message: 'snow \u2603 and \ud800' }))
    const { headers, body } = renderError(snow, headOf())
    expect(headers['Content-Length']).toBe(String(Buffer.byteLength(body)))
    expect(Buffer.byteLength(body)).toBeGreaterThan(body.length)
  })
})

describe('a formatter of the application', () => {
  it('decides alone, whatever Accept says', () => {
    const format: BodyFormatter = ({ reason }, { target }) => ({ oops: reason, target })
    const { body, headers } = renderError(facts, accepting(BROWSER), format)
    expect(JSON.parse(body)).toEqual({ oops: 'unsupported_expectation', target: '/files/a' })
    expect(headers['Content-Type']).toBe('application/json; charset=utf-8')
  })

  it('may give text with its media type', () => {
    const format = () => ({ contentType: 'text/plain; charset=utf-8', body: 'no' })
    const { body, headers } = renderError(facts, headOf(), format)
    expect(body).toBe('no')
    expect(headers).toMatchObject({
      'Content-Type': 'text/plain; charset=utf-8',
      'Content-Length': '2',
    })
  })

  const circular: Record<string, unknown> = {}
  circular.self = circular
  it.each<[string, () => unknown]>([
    [
      'throws',
      () => {
        throw new Error('no')
      },
    ],
    ['returns nothing', () => undefined],
    ['returns null', () => null],
    ['returns text alone', () => 'no'],
    ['returns a list', () => ['no']],
    ['returns a promise', async () => ({ late: true })],
    ['returns a cycle', () => circular],
    ['returns what JSON cannot carry', () => ({ n: 5n })],
    ['splits the response', () => ({ contentType: 'text/plain\r\nx: y', body: '' })],
    ['gives no media type', () => ({ contentType: '', body: 'x' })],
  ])('that %s is replaced by error, and reported', (_what, format) => {
    const report = jest.fn()
    const head = accepting(BROWSER)
    const { body, headers } = renderError(facts, head, format as BodyFormatter, report)
    expect(report.mock.calls).toEqual([[expect.any(Error)]])
    expect(JSON.parse(body)).toEqual(ERROR_BODY)
    expect(headers['Content-Type']).toBe('application/json; charset=utf-8')
  })
})
