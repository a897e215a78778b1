// Refusal, for an application's own use: an error made to be shown, and checked where it is made.

import { Refusal } from '@expectation/express'
import express from 'express'
import request from 'supertest'

test('it is an Error with the fields that http-errors taught every framework', () => {
  const cause = new Error('inner')
  const refusal = new Refusal(429, {
    reason: 'quota_exhausted',
    details: { limit: 10 },
    headers: { 'Retry-After': '60' },
    cause,
  })
  expect(refusal).toBeInstanceOf(Error)
  expect(refusal).toBeInstanceOf(Refusal)
  expect(refusal).toMatchObject({
    name: 'Refusal',
    status: 429,
    statusCode: 429,
    expose: true,
    reason: 'quota_exhausted',
    message: 'Too Many Requests',
    details: { limit: 10 },
    headers: { 'Retry-After': '60' },
    cause,
  })
})

test('nothing else is an instance of it', () => {
  const others = [new Error('x'), { status: 413 }, null, undefined, 'Refusal']
  expect(others.filter((other) => other instanceof Refusal)).toEqual([])
})

const wrong: readonly (readonly [string, () => Refusal])[] = [
  ['a status below 400', () => new Refusal(200)],
  ['a status above 599', () => new Refusal(600)],
  ['a status that is no integer', () => new Refusal(400.5)],
  ['a reason with spaces', () => new Refusal(400, { reason: 'Not Good' })],
  ['an empty reason', () => new Refusal(400, { reason: '' })],
  ['a field name that is none', () => new Refusal(400, { headers: { 'bad name': 'x' } })],
  ['a field value that splits', () => new Refusal(400, { headers: { 'X-A': 'b\r\nC: d' } })],
]
for (const [shown, make] of wrong) {
  test(`${shown} throws where it is written`, () => {
    expect(make).toThrow(expect.objectContaining({ code: 'ERR_EXPECTATION_INVALID_OPTION' }))
  })
}

test("without an errorHandler Express's own handling does the sensible thing", async () => {
  const app = express()
  app.get('/', () => {
    throw new Refusal(429, { headers: { 'Retry-After': '60' } })
  })
  const response = await request(app).get('/')
  expect(response.status).toBe(429)
  expect(response.headers['retry-after']).toBe('60')
})
