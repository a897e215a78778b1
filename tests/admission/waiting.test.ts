// Waiting for a full pool: in order, for a bounded time, and never when nobody is there any more.

import { admission, memoryStore } from '@expectation/admission'
import type { Grant } from '@expectation/core'
import { ask, contextOf, giveBack, granted, refused, uploadOf } from './support/asking.js'
import { until } from './support/until.js'

const byRequest = (_head: unknown, { request }: { request: unknown }) => request as string
const LONG = 700

/** Notes the order in which uploads are let in. */
function orderly() {
  const order: string[] = []
  const grants = new Map<string, Grant>()
  return {
    order,
    enter(name: string, upload: Promise<Grant>) {
      return upload.then((grant) => {
        order.push(name)
        grants.set(name, grant)
      })
    },
    leave(name: string) {
      const grant = grants.get(name)
      if (grant === undefined) throw new Error(`${name} was not let in`)
      giveBack(grant)
    },
  }
}

const turn = () => new Promise((resolve) => setImmediate(resolve))

describe('the line', () => {
  it('is served first come, first served; a small upload does not overtake a large one', async () => {
    const uploads = admission({ bytes: 100, waitMs: LONG })
    const held = [await granted(uploads, 50), await granted(uploads, 50)]
    const { order, enter, leave } = orderly()
    const large = enter('large', granted(uploads, 100))
    const small = enter('small', granted(uploads, 10))
    expect(uploads.stats().waiting).toBe(2)
    giveBack(...held.slice(0, 1))
    await turn()
    // 50 bytes are free, and a newcomer of 10 goes behind the others.
    const late = enter('late', granted(uploads, 10))
    await turn()
    expect(order).toEqual([])
    giveBack(...held.slice(1))
    await large
    expect(order).toEqual(['large'])
    leave('large')
    await Promise.all([small, late])
    expect(order).toEqual(['large', 'small', 'late'])
  })

  it('of one tenant holds up nobody else', async () => {
    const uploads = admission({ slots: 3, tenant: byRequest, tenantSlots: 1, waitMs: LONG })
    const first = await granted(uploads, 1, 'a')
    const { order, enter } = orderly()
    const second = enter('a', granted(uploads, 1, 'a'))
    await enter('b', granted(uploads, 1, 'b'))
    expect(order).toEqual(['b'])
    giveBack(first)
    await second
    expect(order).toEqual(['b', 'a'])
  })

  it('of two admissions that share a store: who has waited longest goes first', async () => {
    const store = memoryStore()
    const one = admission({ slots: 1, waitMs: LONG, store })
    const other = admission({ slots: 1, waitMs: LONG, store })
    const held = await granted(one)
    const { order, enter, leave } = orderly()
    const waiting = [
      enter('first, of the other', granted(other)),
      enter('second, of the one', granted(one)),
      enter('third, of the other', granted(other)),
    ]
    giveBack(held)
    for (const name of ['first, of the other', 'second, of the one', 'third, of the other']) {
      await until('the next is let in', () => order.includes(name))
      leave(name)
    }
    await Promise.all(waiting)
    expect(order).toEqual(['first, of the other', 'second, of the one', 'third, of the other'])
  })

  it('is left after waitMs with 503, or 429 for a limit of its own', async () => {
    const uploads = admission({ slots: 1, tenant: byRequest, tenantSlots: 1, waitMs: 20 })
    await granted(uploads, 1, 'a')
    const [own, shared] = [refused(uploads, 1, 'a'), refused(uploads, 1, 'b')]
    expect(uploads.stats().waiting).toBe(2)
    expect(await own).toMatchObject({ status: 429, reason: 'too_many_uploads' })
    expect(await shared).toMatchObject({ status: 503, reason: 'uploads_at_capacity' })
    expect(uploads.stats().waiting).toBe(0)
  })

  it('lets who is behind go on when the one before gives up', async () => {
    const uploads = admission({ bytes: 100, waitMs: LONG })
    const held = await granted(uploads, 60)
    const leaving = new AbortController()
    const large = uploads(uploadOf(90), contextOf(undefined, leaving.signal))
    const small = granted(uploads, 10)
    leaving.abort()
    await large
    giveBack(await small, held)
    expect(uploads.stats()).toEqual({ slots: 0, bytes: 0, waiting: 0 })
  })

  it('is not joined by a client that has left', async () => {
    const uploads = admission({ slots: 1, waitMs: LONG })
    const held = await granted(uploads)
    await uploads(uploadOf(1), contextOf(undefined, AbortSignal.abort()))
    expect(uploads.stats().waiting).toBe(0)
    giveBack(held)
    expect(uploads.stats().slots).toBe(0)
  })

  it('is bounded: beyond maxWaiting uploads are refused at once', async () => {
    const uploads = admission({ slots: 1, waitMs: LONG, maxWaiting: 2 })
    const held = await granted(uploads)
    const waiting = [ask(uploads), ask(uploads)]
    expect(await refused(uploads)).toMatchObject({ status: 503, reason: 'uploads_at_capacity' })
    giveBack(held)
    giveBack((await waiting[0]) as Grant)
    giveBack((await waiting[1]) as Grant)
  })
})
