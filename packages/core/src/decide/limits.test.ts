// Limits that depend on who asks: found for each request, and then like any other limit.

import { describe, expect, it } from '@jest/globals'
import { headOf } from '../head/testing/head-of.js'
import type { ExpectationOptions } from '../policy/options.js'
import { compilePolicy } from '../policy/policy.js'
import { Refusal } from '../refusal/refusal.js'
import { decideFully } from './checks.js'

const upload = (length = '100') => headOf({ 'content-length': length, 'content-type': 'video/mp4' })
const chunked = headOf({ 'transfer-encoding': 'chunked', expect: '100-continue' })

const decided = async (options: ExpectationOptions, head = upload(), request: unknown = {}) =>
  decideFully(head, compilePolicy(options), { request })

describe('maxContentLength as a function', () => {
  it('is asked with head and request, and its answer is the limit', async () => {
    const maxContentLength: ExpectationOptions['maxContentLength'] = (head, { request }) =>
      head.method === 'PUT' ? (request as { plan: string }).plan : 0
    expect(await decided({ maxContentLength }, upload(), { plan: '50b' })).toMatchObject({
      kind: 'refuse',
      by: 'size',
      refusal: { status: 413, details: { limit: 50, declared: 100 } },
    })
    expect(await decided({ maxContentLength }, upload(), { plan: '1kb' })).toEqual({
      kind: 'pass',
      maxContentLength: 1024,
    })
  })

  it('may answer later, and tells the limit against which to count what has no length', async () => {
    const decision = await decided({ maxContentLength: async () => 10 }, chunked)
    expect(decision).toEqual({ kind: 'continue', maxContentLength: 10 })
  })

  it('may find none', async () => {
    expect(await decided({ maxContentLength: () => undefined })).toEqual({ kind: 'pass' })
    expect(await decided({ maxContentLength: async () => 0 })).toMatchObject({ by: 'size' })
  })

  it('may refuse, and fails as a check does', async () => {
    const refusing = async () => {
      throw new Refusal(402)
    }
    expect(await decided({ maxContentLength: refusing })).toMatchObject({
      by: 'size',
      refusal: { status: 402 },
    })
    const broken = () => Promise.reject(new Error('no database'))
    await expect(decided({ maxContentLength: broken })).rejects.toThrow('no database')
  })

  it('is asked before checks, which are not asked about what is too large', async () => {
    const asked: string[] = []
    const checks = [(head: { readonly target: string }) => void asked.push(head.target)]
    await decided({ maxContentLength: () => 1, checks })
    expect(asked).toEqual([])
    await decided({ maxContentLength: () => 100, checks })
    expect(asked).toHaveLength(1)
  })

  it('is not asked without content', async () => {
    const maxContentLength = () => {
      throw new Error('asked')
    }
    expect(await decided({ maxContentLength }, headOf({}))).toEqual({ kind: 'pass' })
  })

  it('counts in checkTimeoutMs', async () => {
    const never = () => new Promise<number>(() => undefined)
    expect(await decided({ maxContentLength: never, checkTimeoutMs: 1 })).toMatchObject({
      by: 'check-timeout',
      refusal: { status: 503 },
    })
  })

  it.each([['5 parrots'], [-1], [Number.NaN], [null], [{}]])(
    'throws for %p, which is no limit: nothing is let through by mistake',
    async (answer) => {
      const maxContentLength = (() => answer) as unknown as () => number
      await expect(decided({ maxContentLength })).rejects.toMatchObject({
        code: 'ERR_EXPECTATION_INVALID_OPTION',
        option: 'The answer of maxContentLength',
        received: answer,
      })
    },
  )
})

describe('acceptedTypes as a function', () => {
  it('is asked, and its answer is read as the option is', async () => {
    const acceptedTypes = async () => ['IMAGE/*', 'json']
    expect(await decided({ acceptedTypes })).toMatchObject({
      kind: 'refuse',
      by: 'type',
      refusal: { status: 415, headers: { Accept: 'image/*, application/json' } },
    })
    expect(await decided({ acceptedTypes: () => ['video/*'] })).toEqual({ kind: 'pass' })
    expect(await decided({ acceptedTypes: () => undefined })).toEqual({ kind: 'pass' })
  })

  it('throws for what is no list of types', async () => {
    const acceptedTypes = (() => 'video/*') as unknown as () => string[]
    await expect(decided({ acceptedTypes })).rejects.toMatchObject({
      option: 'The answer of acceptedTypes',
      message:
        'The answer of acceptedTypes cannot be "video/*". Give an array of media types such as "video/*".',
    })
  })

  it('stands beside a size', async () => {
    const options = { acceptedTypes: () => ['video/*'], maxContentLength: async () => 200 }
    expect(await decided(options)).toEqual({ kind: 'pass', maxContentLength: 200 })
  })
})
