import { describe, expect, it } from '@jest/globals'
import fc from 'fast-check'
import { parseFraming } from './framing.js'
import { headOf } from './testing/head-of.js'

describe('framing on HTTP/1', () => {
  it('is none without Content-Length and Transfer-Encoding', () => {
    expect(parseFraming(headOf())).toEqual({ kind: 'none' })
  })

  it('is none for a length of zero, however it is written', () => {
    expect(parseFraming(headOf({ 'content-length': '0' }))).toEqual({ kind: 'none' })
    expect(parseFraming(headOf({ 'content-length': '000' }))).toEqual({ kind: 'none' })
  })

  it('is the declared length in bytes', () => {
    expect(parseFraming(headOf({ 'content-length': '5' }))).toEqual({ kind: 'length', bytes: 5 })
  })

  it('is unknown under Transfer-Encoding, even beside a length (RFC 9112 section 6.3)', () => {
    const head = headOf({ 'transfer-encoding': 'chunked', 'content-length': '0' })
    expect(parseFraming(head)).toEqual({ kind: 'unknown' })
  })

  it('takes equal repeated lengths for one (RFC 9110 section 8.6)', () => {
    const length = { kind: 'length', bytes: 5 }
    expect(parseFraming(headOf({ 'content-length': '5, 5' }))).toEqual(length)
    expect(parseFraming(headOf({ 'content-length': ['5', '5'] }))).toEqual(length)
  })

  it('never takes a length that cannot be read for no content', () => {
    for (const junk of ['', ' ', '-1', '+5', '5.0', '0x5', '1e3', '5 5', '5, 6', '5,', 'five']) {
      expect([junk, parseFraming(headOf({ 'content-length': junk }))]).toEqual([
        junk,
        { kind: 'unknown' },
      ])
    }
  })

  it('keeps lengths beyond 2^53 - 1 above every limit', () => {
    expect(parseFraming(headOf({ 'content-length': '9'.repeat(400) }))).toEqual({
      kind: 'length',
      bytes: Number.MAX_SAFE_INTEGER,
    })
  })
})

describe('framing on HTTP/2', () => {
  it('is none when the head ends the stream (RFC 9113 section 8.1)', () => {
    const head = headOf({ 'content-length': '5' }, { version: '2.0', endStream: true })
    expect(parseFraming(head)).toEqual({ kind: 'none' })
  })

  it('is the declared length while the stream is open, else unknown', () => {
    const open = { version: '2.0', endStream: false } as const
    expect(parseFraming(headOf({ 'content-length': '5' }, open))).toEqual({
      kind: 'length',
      bytes: 5,
    })
    expect(parseFraming(headOf({}, open))).toEqual({ kind: 'unknown' })
  })
})

it('framing never throws, and reads every length that is one', () => {
  fc.assert(
    fc.property(fc.oneof(fc.string(), fc.array(fc.string())), (field) => {
      const framing = parseFraming(headOf({ 'content-length': field }))
      expect(['none', 'length', 'unknown']).toContain(framing.kind)
    }),
  )
  fc.assert(
    fc.property(fc.integer({ min: 1, max: Number.MAX_SAFE_INTEGER }), (bytes) => {
      const framing = parseFraming(headOf({ 'content-length': String(bytes) }))
      expect(framing).toEqual({ kind: 'length', bytes })
    }),
  )
})
