import { describe, expect, it } from '@jest/globals'
import { catalogue, reasonFor, titleFor } from './catalogue.js'
import * as stock from './stock.js'

describe('the catalogue of reasons', () => {
  it('has one row for each reason, and every row is complete', () => {
    const reasons = catalogue.map(({ reason }) => reason)
    expect(new Set(reasons).size).toBe(reasons.length)
    for (const entry of catalogue) {
      expect(entry.reason).toMatch(/^[a-z][a-z0-9_]*$/)
      expect(entry.status).toBeGreaterThanOrEqual(400)
      expect(entry.status).toBeLessThanOrEqual(599)
      for (const text of [entry.title, entry.meaning, entry.remedy]) expect(text).not.toBe('')
    }
  })

  it('agrees with itself about the title of a status', () => {
    for (const { status, title } of catalogue)
      expect([status, title]).toEqual([status, titleFor(status)])
  })

  it('holds every refusal that the library gives, under its status', () => {
    const refusals = [
      stock.unsupportedExpectation(),
      stock.malformedExpectation(),
      stock.continueNotNegotiated(),
      stock.lengthRequired(),
      stock.contentTooLarge(1, 2),
      stock.unsupportedMediaType(['a/b']),
      stock.unsupportedContentCoding(['gzip']),
      stock.checkTimedOut(),
      stock.contentTimedOut(),
      stock.notFound(),
      stock.repeatedHost(),
      stock.unreadableFraming(),
      stock.tooManyFields(),
    ]
    expect(refusals).toHaveLength(Object.keys(stock).length)
    for (const { status, reason } of refusals) {
      expect(catalogue).toContainEqual(expect.objectContaining({ status, reason }))
    }
  })

  it.each([
    [400, 'bad_request', 'Bad Request'],
    [413, 'content_too_large', 'Content Too Large'],
    [415, 'unsupported_media_type', 'Unsupported Media Type'],
    [417, 'unsupported_expectation', 'Expectation Failed'],
    [422, 'unprocessable_content', 'Unprocessable Content'],
    [500, 'internal_error', 'Internal Server Error'],
    [503, 'service_unavailable', 'Service Unavailable'],
    [418, 'http_418', "I'm a Teapot"],
    [499, 'http_499', 'Client Error'],
    [599, 'http_599', 'Server Error'],
  ])('%i is %s, "%s"', (status, reason, title) => {
    expect([reasonFor(status), titleFor(status)]).toEqual([reason, title])
  })
})
