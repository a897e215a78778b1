// A tenant at its own limit waits, and holds up itself alone: others are let in beside it, and each is
// told the limit that it waited for, however many of one tenant wait.

import { admission } from '@expectation/admission'
import { contextOf, giveBack, granted, refused, uploadOf } from './support/asking.js'

const byRequest = (_head: unknown, { request }: { request: unknown }) => request as string
const LONG = 700
const TOO_MANY = { status: 429, reason: 'too_many_uploads' }

describe('a tenant at its own limit', () => {
  it('holds up nobody else, however many of its uploads wait', async () => {
    const uploads = admission({ slots: 3, tenant: byRequest, tenantSlots: 1, waitMs: LONG })
    const held = await granted(uploads, 1, 'a')
    const waiting = [granted(uploads, 1, 'a'), granted(uploads, 1, 'a'), granted(uploads, 1, 'a')]
    const other = uploads(uploadOf(1), contextOf('b'))
    // Two slots are free: the answer is there, without a promise.
    expect(other).not.toBeInstanceOf(Promise)
    giveBack(held)
    for (const one of waiting) giveBack(await one)
    expect(uploads.stats()).toMatchObject({ slots: 1, waiting: 0 })
  })

  it('takes nobody else the room where it fills the line, and hears 429 itself', async () => {
    const limits = { slots: 3, tenant: byRequest, tenantSlots: 1, waitMs: LONG, maxWaiting: 2 }
    const uploads = admission(limits)
    const held = await granted(uploads, 1, 'a')
    const waiting = [granted(uploads, 1, 'a'), granted(uploads, 1, 'a')]
    expect(await refused(uploads, 1, 'a')).toMatchObject(TOO_MANY)
    giveBack(await granted(uploads, 1, 'b'), held)
    for (const one of waiting) giveBack(await one)
  })

  it('hears 429 whether it was asked for itself or waited behind another of its own', async () => {
    const uploads = admission({ slots: 3, tenant: byRequest, tenantSlots: 1, waitMs: 20 })
    await granted(uploads, 1, 'a')
    const answers = [1, 2, 3].map(() => refused(uploads, 1, 'a'))
    for (const answer of await Promise.all(answers)) expect(answer).toMatchObject(TOO_MANY)
  })

  it('holds up nobody else once those before it that waited for everybody are let in', async () => {
    const uploads = admission({ slots: 3, tenant: byRequest, tenantSlots: 1, waitMs: LONG })
    const own = await granted(uploads, 1, 'a')
    const held = [await granted(uploads, 1, 'c'), await granted(uploads, 1, 'd')]
    const first = granted(uploads, 1, 'b')
    const waiting = [granted(uploads, 1, 'a'), granted(uploads, 1, 'a')]
    giveBack(...held)
    await first
    expect(uploads(uploadOf(1), contextOf('e'))).not.toBeInstanceOf(Promise)
    giveBack(own)
    for (const one of waiting) giveBack(await one)
  })

  it('that is held back by the limit of all by now hears 503, in all of its uploads', async () => {
    const uploads = admission({ bytes: 100, tenant: byRequest, tenantSlots: 1, waitMs: 50 })
    const held = await granted(uploads, 10, 'a')
    await granted(uploads, 60, 'b')
    const answers = [refused(uploads, 50, 'a'), refused(uploads, 50, 'a')]
    giveBack(held)
    for (const answer of await Promise.all(answers)) {
      expect(answer).toMatchObject({ status: 503, reason: 'uploads_at_capacity' })
    }
  })

  it('holds up nobody else where its content waits to grow', async () => {
    const unknownLength = { first: 10, step: 20, headroom: 0.2, waitMs: 10_000 }
    const limits = { bytes: 1000, tenant: byRequest, tenantBytes: 40, unknownLength }
    const uploads = admission(limits)
    const own = [await granted(uploads, 'chunked', 'a'), await granted(uploads, 'chunked', 'a')]
    const other = await granted(uploads, 'chunked', 'b')
    expect(own[0]?.extend(5)).toBe(30)
    const more = [own[0]?.extend(25), own[1]?.extend(5)]
    expect(other.extend(5)).toBe(30)
    giveBack(...own, other)
    await Promise.all(more)
  })
})

describe('the headroom', () => {
  const unknownLength = { first: 10, step: 20, headroom: 0.2, waitMs: 10_000 }
  const limits = { bytes: 100, tenant: byRequest, tenantBytes: 30, unknownLength, waitMs: LONG }

  it('is kept from nobody for content that waits for the limit of its own tenant', async () => {
    const uploads = admission(limits)
    const own = [await granted(uploads, 'chunked', 'a'), await granted(uploads, 'chunked', 'a')]
    const more = own[0]?.extend(5)
    expect(more).toBeInstanceOf(Promise)
    const others = [await granted(uploads, 30, 'b'), await granted(uploads, 30, 'c')]
    const last = uploads(uploadOf(20), contextOf('d'))
    expect(last).not.toBeInstanceOf(Promise)
    giveBack(...own, ...others)
    await more
  })

  it('is free for all when only such content waits by now', async () => {
    const uploads = admission({ ...limits, unknownLength: { ...unknownLength, waitMs: 60_000 } })
    const own = [await granted(uploads, 'chunked', 'a'), await granted(uploads, 'chunked', 'a')]
    const other = await granted(uploads, 'chunked', 'b')
    const declared = [await granted(uploads, 30, 'c'), await granted(uploads, 25, 'd')]
    const more = [own[0]?.extend(5), other.extend(5)]
    const waiting = granted(uploads, 15, 'e')
    giveBack(other)
    giveBack(await waiting, ...own, ...declared)
    await Promise.all(more)
  })
})

describe('who is refused because others wait already', () => {
  it('is told the limit that they wait for, which is one of those advertised', async () => {
    const uploads = admission({ bytes: 100, waitMs: LONG, maxWaiting: 1, advertise: true })
    const held = await granted(uploads, 100)
    const waiting = granted(uploads, 1)
    const { headers } = await refused(uploads, 1)
    expect(headers['RateLimit-Policy']).toBe('"content";q=100;qu="content-bytes"')
    expect(headers.RateLimit).toMatch(/^"content";r=0;/)
    giveBack(held)
    giveBack(await waiting)
  })
})
