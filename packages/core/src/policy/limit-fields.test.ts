// A gate's limits as response fields: what there is, in one line each, and nothing that there is not.

import { describe, expect, it } from '@jest/globals'
import { limitFields } from './limit-fields.js'
import { compilePolicy } from './policy.js'

describe('limitFields', () => {
  it('tells nothing of a policy without limits', () => {
    expect(limitFields(compilePolicy())).toEqual({})
  })

  it('tells the size in bytes, whatever unit it was written in', () => {
    const told = ['1kb', '5gb', 0, 12].map((maxContentLength) =>
      limitFields(compilePolicy({ maxContentLength })),
    )
    expect(told).toEqual([
      { 'Upload-Limit': 'max-size=1024' },
      { 'Upload-Limit': 'max-size=5368709120' },
      { 'Upload-Limit': 'max-size=0' },
      { 'Upload-Limit': 'max-size=12' },
    ])
  })

  it('writes the largest size as an integer of structured fields, never as a power', () => {
    const { 'Upload-Limit': field } = limitFields({
      acceptedTypes: undefined,
      maxContentLength: Number.MAX_SAFE_INTEGER,
    })
    expect(field).toBe('max-size=9007199254740991')
  })

  it('tells media types for POST and for PATCH, full and in their order', () => {
    const acceptedTypes = ['IMAGE/*', 'json', 'text/plain']
    const types = 'image/*, application/json, text/plain'
    expect(limitFields(compilePolicy({ acceptedTypes }))).toEqual({
      'Accept-Post': types,
      'Accept-Patch': types,
    })
  })

  it('tells both limits', () => {
    const policy = compilePolicy({ acceptedTypes: ['image/png'], maxContentLength: 1 })
    expect(Object.keys(limitFields(policy))).toEqual([
      'Accept-Post',
      'Accept-Patch',
      'Upload-Limit',
    ])
  })

  it('tells the size beside 413 alone: elsewhere it would promise resumable uploads', () => {
    const policy = compilePolicy({ acceptedTypes: ['image/png'], maxContentLength: 1 })
    for (const status of [200, 204, 415]) {
      expect(Object.keys(limitFields(policy, status))).toEqual(['Accept-Post', 'Accept-Patch'])
    }
    expect(limitFields(policy, 413)).toHaveProperty('Upload-Limit', 'max-size=1')
  })

  it('tells nothing else that a policy knows', () => {
    const policy = compilePolicy({ acceptedCodings: ['gzip'], requireContentLength: true })
    expect(limitFields(policy)).toEqual({})
  })
})
