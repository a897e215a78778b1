// Companion fields are defaults: never over what the response or the error says.

import { describe, expect, it } from '@jest/globals'
import { renderError } from './body.js'
import { withCarried } from './carried.js'
import { describeError } from './error-facts.js'
import { Refusal } from './refusal.js'

const head = { method: 'PUT', target: '/', version: '1.1', headers: {} } as const

function headersOf(error: unknown, response: Readonly<Record<string, unknown>>) {
  const facts = withCarried(describeError(error), (name) => response[name.toLowerCase()])
  return renderError(facts, head).headers
}

describe('a required field', () => {
  it.each([
    [401, 'WWW-Authenticate', 'Bearer'],
    [405, 'Allow', ''],
    [429, 'Retry-After', '1'],
    [503, 'Retry-After', '1'],
  ])('%i: %s is given where nobody said it, and only there', (status, name, fallback) => {
    expect(headersOf(new Refusal(status), {})[name]).toBe(fallback)
    expect(headersOf(new Refusal(status), { [name.toLowerCase()]: 'x' })[name]).toBeUndefined()
    const saying = new Refusal(status, { headers: { [name]: 'mine' } })
    expect(headersOf(saying, { [name.toLowerCase()]: 'x' })[name]).toBe('mine')
  })

  it('that several lines of the response carry is left to them', () => {
    const carried = { 'www-authenticate': ['Basic', 'Digest'] }
    expect(headersOf(new Refusal(401), carried)['WWW-Authenticate']).toBeUndefined()
  })
})

describe('Content-Range', () => {
  it('of the response is kept with 416, of which it tells the length', () => {
    const response = { 'content-range': 'bytes */524' }
    expect(headersOf(new Refusal(416), response)['Content-Range']).toBe('bytes */524')
    expect(headersOf(new Refusal(404), response)['Content-Range']).toBeUndefined()
  })

  it('of the error wins', () => {
    const error = new Refusal(416, { headers: { 'content-range': 'bytes */9' } })
    expect(headersOf(error, { 'content-range': 'bytes */524' })).toMatchObject({
      'Content-Range': 'bytes */9',
    })
  })
})
