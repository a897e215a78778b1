// What checks see of a head.

import { describe, expect, it } from '@jest/globals'
import { decideFully } from '../decide/checks.js'
import { compilePolicy } from '../policy/policy.js'
import { type HeadView, viewOf } from './head-view.js'
import { headOf } from './testing/head-of.js'

describe('contentLength', () => {
  it.each([
    [{ 'content-length': '5' }, 5],
    [{ 'content-length': '0' }, 0],
    [{}, 0],
    [{ 'transfer-encoding': 'chunked' }, undefined],
    [{ 'transfer-encoding': 'chunked', 'content-length': '5' }, undefined],
  ])('of %j is %p', (headers, length) => {
    expect(viewOf(headOf(headers)).contentLength).toBe(length)
  })

  it('of an HTTP/2 stream without a length is unknown, unless it has ended', () => {
    expect(viewOf(headOf({}, { version: '2.0' })).contentLength).toBeUndefined()
    expect(viewOf(headOf({}, { version: '2.0', endStream: true })).contentLength).toBe(0)
  })
})

describe('contentType', () => {
  it.each([
    ['video/mp4', 'video/mp4'],
    ['Multipart/Form-Data; boundary=x', 'multipart/form-data'],
    ['', undefined],
    [undefined, undefined],
  ])('of %j is %p', (type, expected) => {
    expect(viewOf(headOf({ 'content-type': type })).contentType).toBe(expected)
  })
})

describe('field', () => {
  const view = viewOf(headOf({ 'x-tenant': 'a', accept: ['text/html', 'image/png'] }))

  it('is found in any case, and combines lines (RFC 9110 5.3)', () => {
    expect(view.field('X-Tenant')).toBe('a')
    expect(view.field('accept')).toBe('text/html, image/png')
  })

  it('that is not there is undefined, whatever objects inherit', () => {
    for (const name of ['x-none', 'constructor', 'toString', '__proto__']) {
      expect(view.field(name)).toBeUndefined()
    }
  })
})

it('checks, limits and extension expectations get the view of the same head', async () => {
  const seen: HeadView[] = []
  const note = (head: HeadView) => void seen.push(head)
  const policy = compilePolicy({
    checks: [note],
    maxContentLength: (head) => {
      note(head)
      return 10
    },
    expectations: { foo: (_member, head) => note(head) },
  })
  const head = headOf({ 'content-length': '5', expect: 'foo' })
  expect(await decideFully(head, policy, { request: {} })).toMatchObject({ kind: 'pass' })
  expect(seen.map(({ contentLength }) => contentLength)).toEqual([5, 5, 5])
  expect(new Set(seen).size).toBe(1)
  expect(seen[0]).toMatchObject(head)
})
