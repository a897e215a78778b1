// Slots and bytes from the head alone: what is let in, what is refused and how, and that all of it
// comes back.

import { admission, memoryStore } from '@expectation/admission'
import { isGrant, isRefusal, Refusal } from '@expectation/core'
import { ask, contextOf, giveBack, granted, refused, uploadOf } from './support/asking.js'

const NOTHING = { slots: 0, bytes: 0, waiting: 0 }
const byRequest = (_head: unknown, { request }: { request: unknown }) => request as string

describe('slots', () => {
  it('are let in at once, without a promise, up to the limit; then 503 until one is given back', async () => {
    const uploads = admission({ slots: 2 })
    const first = uploads(uploadOf(10), contextOf())
    expect(isGrant(first)).toBe(true)
    await granted(uploads, 20)
    expect(uploads.stats()).toEqual({ slots: 2, bytes: 30, waiting: 0 })
    const refusal = await refused(uploads, 5)
    expect(refusal).toMatchObject({ status: 503, reason: 'uploads_at_capacity' })
    expect(refusal.headers['Retry-After']).toMatch(/^[1-9]\d*$/)
    if (isGrant(first)) giveBack(first, first)
    expect(uploads.stats()).toEqual({ slots: 1, bytes: 20, waiting: 0 })
    await granted(uploads, 5)
  })

  it('are not needed by requests without content', async () => {
    const uploads = admission({ slots: 1 })
    await granted(uploads, 1)
    expect(await ask(uploads, 0)).toBeUndefined()
  })
})

describe('bytes', () => {
  it('are those declared; what could never fit is 413, also when the pool is full', async () => {
    const uploads = admission({ bytes: '1kb' })
    const grant = await granted(uploads, 1000)
    expect(await refused(uploads, 25)).toMatchObject({ status: 503 })
    expect(await refused(uploads, 1025)).toMatchObject({
      status: 413,
      reason: 'content_too_large',
      details: { limit: 1024, declared: 1025 },
    })
    giveBack(grant)
    giveBack(await granted(uploads, 1024))
    expect(uploads.stats()).toEqual(NOTHING)
  })

  it('of absurd lengths overflow nothing where there is no limit', async () => {
    const uploads = admission({ slots: 5 })
    const lengths = [Number.MAX_SAFE_INTEGER, Number.MAX_SAFE_INTEGER, 1]
    const grants = await Promise.all(lengths.map((length) => granted(uploads, length)))
    expect(Number.isSafeInteger(uploads.stats().bytes)).toBe(true)
    giveBack(...grants)
    expect(uploads.stats()).toEqual(NOTHING)
  })
})

describe('tenants', () => {
  it('have limits of their own: 429, while others are let in', async () => {
    const uploads = admission({ slots: 2, tenant: byRequest, tenantSlots: 1, tenantBytes: 100 })
    const grant = await granted(uploads, 10, 'a')
    expect(await refused(uploads, 10, 'a')).toMatchObject({
      status: 429,
      reason: 'too_many_uploads',
      headers: { 'Retry-After': expect.stringMatching(/^[1-9]\d*$/) },
    })
    expect(await refused(uploads, 101, 'a')).toMatchObject({ status: 413 })
    await granted(uploads, 10, 'b')
    // Its own limit is what a tenant hears, also when everybody's is reached.
    expect(await refused(uploads, 10, 'a')).toMatchObject({ status: 429 })
    expect(await refused(uploads, 10, 'c')).toMatchObject({ status: 503 })
    giveBack(grant)
    await granted(uploads, 100, 'a')
  })

  it('whose one upload is too large for what is left are told so, and not of how many they have', async () => {
    const uploads = admission({ tenant: byRequest, tenantBytes: 100, bytes: 150 })
    await granted(uploads, 60, 'a')
    for (const [tenant, status] of [
      ['a', 429],
      ['b', 503],
    ] as const) {
      const refusal = await refused(uploads, 95, tenant)
      expect(refusal).toMatchObject({ status, details: expect.stringContaining('content') })
      expect(refusal.details).not.toContain('many uploads')
    }
  })

  it('nobody in particular has no limit of its own', async () => {
    const uploads = admission({ tenant: () => undefined, tenantSlots: 1, tenantBytes: 1 })
    await granted(uploads, 10)
    await granted(uploads, 10)
  })

  it('may be found out later, and are told apart whatever they are called', async () => {
    const names = ['a|b', '__proto__', 'ü'.repeat(100), 'x'.repeat(5000), '#x', 'constructor', 'ü']
    // Lone surrogates, and what UTF-8 writes for each of them.
    names.push('a\ud800', 'a\ud801', 'a\udc00', 'a\ufffd')
    const uploads = admission({
      tenant: async (_head, { request }) => String(request),
      tenantSlots: 1,
    })
    const grants = await Promise.all(names.map((name) => granted(uploads, 1, name)))
    for (const name of names) expect(await refused(uploads, 1, name)).toMatchObject({ status: 429 })
    giveBack(...grants)
    expect(uploads.stats()).toEqual(NOTHING)
  })

  it.each([[''], [7], [null], [{}], [true], [new Refusal(401)]])(
    'fail closed when they are %p',
    async (answer) => {
      for (const later of [false, true]) {
        const tenant = () => (later ? Promise.resolve(answer) : answer) as unknown as string
        const uploads = admission({ tenant })
        await expect(ask(uploads)).rejects.toThrow(/The answer of tenant/)
        expect(uploads.stats()).toEqual(NOTHING)
      }
    },
  )

  it('throw what they throw', async () => {
    const fault = new Error('no session')
    const throwing = () => {
      throw fault
    }
    for (const tenant of [throwing, async () => throwing()]) {
      const uploads = admission({ tenant })
      await expect(ask(uploads)).rejects.toBe(fault)
      expect(uploads.stats()).toEqual(NOTHING)
    }
  })
})

describe('a store', () => {
  it('that two admissions are given counts for both, each by its own limits', async () => {
    const store = memoryStore()
    const small = admission({ slots: 1, store })
    const large = admission({ slots: 3, store })
    const grant = await granted(large, 1)
    expect(await refused(small, 1)).toMatchObject({ status: 503 })
    giveBack(grant)
    await granted(small, 1)
    await granted(large, 1)
    await small.close({ drainMs: 0 })
    expect(large.stats().slots).toBe(1)
  })
})

describe('close', () => {
  it('refuses who comes, lets who is there finish, and gives everything back', async () => {
    const uploads = admission({ slots: 1, waitMs: 500 })
    const grant = await granted(uploads, 10)
    const waiting = ask(uploads, 10)
    let closed = false
    const closing = uploads.close().then(() => {
      closed = true
    })
    expect(await waiting).toMatchObject({ status: 503, reason: 'admission_unavailable' })
    expect(await refused(uploads)).toMatchObject({ status: 503, reason: 'admission_unavailable' })
    expect(closed).toBe(false)
    giveBack(grant)
    await closing
    await uploads.close()
    expect(uploads.stats()).toEqual(NOTHING)
  })

  it('gives back what does not end in time', async () => {
    const uploads = admission()
    const grant = await granted(uploads, 10)
    await uploads.close({ drainMs: 1 })
    expect(uploads.stats()).toEqual(NOTHING)
    giveBack(grant)
    expect(uploads.stats()).toEqual(NOTHING)
  })
})

describe('fields of the IETF draft, on request', () => {
  it('say the limits, and which one was reached', async () => {
    const limits = { slots: 1, bytes: '1mb', tenant: byRequest, tenantSlots: 1 }
    const uploads = admission({ ...limits, advertise: true })
    const plain = admission(limits)
    await granted(uploads, 1, 'a')
    await granted(plain, 1, 'a')
    const { headers } = await refused(uploads, 1, 'b')
    expect(headers['RateLimit-Policy']).toBe(
      '"uploads";q=1;qu="concurrent-requests", "content";q=1048576;qu="content-bytes", ' +
        '"own-uploads";q=1;qu="concurrent-requests"',
    )
    expect(headers.RateLimit).toBe(`"uploads";r=0;t=${headers['Retry-After']}`)
    expect((await refused(uploads, 1, 'a')).headers.RateLimit).toMatch(/^"own-uploads"/)
    expect((await refused(plain, 1, 'b')).headers).not.toHaveProperty('RateLimit')
  })
})

it('does not come back at one moment: Retry-After differs between clients', async () => {
  const uploads = admission({ slots: 1 })
  await granted(uploads)
  const answers = await Promise.all(Array.from({ length: 200 }, () => ask(uploads)))
  const waits = answers.map((answer) => isRefusal(answer) && Number(answer.headers['Retry-After']))
  expect(new Set(waits).size).toBeGreaterThan(1)
  expect(waits.every((wait) => Number.isInteger(wait) && Number(wait) >= 1)).toBe(true)
})
