// Content of unknown length: claimed step by step, with room kept for what is under way.

import { admission } from '@expectation/admission'
import { giveBack, granted, refused } from './support/asking.js'

const STEPS = { first: 10, step: 20, headroom: 0.2, waitMs: 300 }

describe('content of unknown length', () => {
  it('claims a first part and grows by steps, all of which are given back', async () => {
    const uploads = admission({ bytes: 100, unknownLength: STEPS })
    const grant = await granted(uploads, 'chunked')
    expect(grant).toMatchObject({ bytes: 10, extensible: true })
    expect(grant.extend(5)).toBe(30)
    expect(uploads.stats()).toEqual({ slots: 1, bytes: 30, waiting: 0 })
    // Never past the pool; and what does not fit into an empty one is too large.
    expect([25, 45, 65, 85].map((received) => grant.extend(received))).toEqual([50, 70, 90, 100])
    expect(grant.extend(100)).toMatchObject({ status: 413, reason: 'content_too_large' })
    giveBack(grant)
    expect(uploads.stats().bytes).toBe(0)
  })

  it('begins only below the headroom, which declared lengths may use', async () => {
    const uploads = admission({ bytes: 100, unknownLength: STEPS })
    await granted(uploads, 75)
    expect(await refused(uploads, 'chunked')).toMatchObject({ status: 503 })
    await granted(uploads, 25)
  })

  it('waits for room, and goes first when it comes free', async () => {
    const uploads = admission({ bytes: 100, unknownLength: STEPS, waitMs: 300 })
    const grant = await granted(uploads, 'chunked')
    const declared = [await granted(uploads, 60), await granted(uploads, 30)]
    const more = grant.extend(5)
    expect(more).toBeInstanceOf(Promise)
    const again = grant.extend(10)
    const newcomer = granted(uploads, 60)
    giveBack(...declared.slice(0, 1))
    expect([await more, await again]).toEqual([30, 30])
    giveBack(...declared.slice(1))
    giveBack(await newcomer, grant)
    expect(uploads.stats()).toEqual({ slots: 0, bytes: 0, waiting: 0 })
  })

  it('keeps newcomers out of the headroom while it waits', async () => {
    const uploads = admission({ bytes: 100, unknownLength: { ...STEPS, waitMs: 50 } })
    const grant = await granted(uploads, 'chunked')
    const held = [await granted(uploads, 80)]
    const more = grant.extend(5)
    expect(await refused(uploads, 5)).toMatchObject({ status: 503 })
    expect(await more).toMatchObject({ status: 503, reason: 'uploads_at_capacity' })
    await granted(uploads, 5)
    giveBack(...held)
    expect(grant.extend(10)).toBe(30)
  })

  it('of a tenant is held to the limit of the tenant', async () => {
    const uploads = admission({ tenant: () => 'a', tenantBytes: 30, unknownLength: STEPS })
    const grant = await granted(uploads, 'chunked')
    expect(grant.extend(5)).toBe(30)
    expect(grant.extend(30)).toMatchObject({ status: 413 })
  })

  it('claims no more at first than an empty pool has for it', async () => {
    const uploads = admission({ bytes: 1000 })
    expect(await granted(uploads, 'chunked')).toMatchObject({ bytes: 800 })
  })

  it('is not counted where nothing limits bytes', async () => {
    const uploads = admission({ slots: 1 })
    expect((await granted(uploads, 'chunked')).bytes).toBeUndefined()
    expect(uploads.stats()).toEqual({ slots: 1, bytes: 0, waiting: 0 })
  })

  it('may be claimed whole, and is held to it', async () => {
    for (const limits of [{ bytes: 100 }, {}]) {
      const uploads = admission({ ...limits, unknownLength: 60 })
      expect(await granted(uploads, 'chunked')).toMatchObject({ bytes: 60, extensible: false })
      expect(uploads.stats().bytes).toBe(60)
    }
  })

  it('that has ended while it waited holds up nobody', async () => {
    const uploads = admission({ bytes: 100, unknownLength: { ...STEPS, waitMs: 60_000 } })
    const [first, second] = [await granted(uploads, 'chunked'), await granted(uploads, 'chunked')]
    const declared = await granted(uploads, 80)
    const answers = [first.extend(10), second.extend(10)]
    giveBack(first)
    expect(await answers[0]).toMatchObject({ status: 503 })
    giveBack(declared)
    expect(await answers[1]).toBe(30)
  })

  it('is asked for once, and not at all when the upload is over', async () => {
    const uploads = admission({ bytes: 100, unknownLength: { ...STEPS, waitMs: 50 } })
    const grant = await granted(uploads, 'chunked')
    await granted(uploads, 90)
    const more = grant.extend(5)
    giveBack(grant)
    await more
    expect(uploads.stats()).toEqual({ slots: 1, bytes: 90, waiting: 0 })
  })
})
