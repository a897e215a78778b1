// What is told on the channel of content that is refused midway: whoever counts by it counts what clients
// were told.

import { admission, redisStore } from '@expectation/admission'
import { Refusal } from '@expectation/core'
import { giveBack, granted } from './support/asking.js'
import { heard } from './support/joined.js'

const STEPS = { first: 10, step: 20, headroom: 0.2, waitMs: 30 }

describe('content refused midway', () => {
  const refusedOf = (events: ReturnType<typeof heard>) =>
    events.flatMap((event) => (event.kind === 'refused' ? [event] : []))

  it('is told as refused when it needs more than was granted: no room', async () => {
    const uploads = admission({ bytes: 100, unknownLength: STEPS })
    const growing = await granted(uploads, 'chunked')
    const held = await granted(uploads, 90)
    const events = heard()
    expect(await growing.extend(5)).toMatchObject({ status: 503 })
    expect(refusedOf(events)).toEqual([])
    // It has waited already: the answer is there at once.
    expect(growing.extend(11)).toMatchObject({ status: 503 })
    expect(refusedOf(events)).toMatchObject([{ reason: 'uploads_at_capacity', bytes: 100 }])
    expect(refusedOf(events)[0]?.waitMs).toBeGreaterThan(0)
    giveBack(growing, held)
    expect(refusedOf(events)).toHaveLength(1)
  })

  it('is told as refused: it could never fit', async () => {
    const uploads = admission({ bytes: 10, unknownLength: { ...STEPS, headroom: 0 } })
    const growing = await granted(uploads, 'chunked')
    const events = heard()
    expect(growing.extend(10)).toMatchObject({ status: 413 })
    expect(refusedOf(events)).toEqual([])
    expect(growing.extend(11)).toMatchObject({ status: 413 })
    expect(refusedOf(events)).toMatchObject([{ reason: 'content_too_large', waitMs: 0 }])
    giveBack(growing)
  })

  it('is told as refused: whoever counts cannot be asked', async () => {
    let away = false
    const client = (_script: string, _keys: unknown, args: readonly string[]) => {
      if (away) throw new Error('away')
      return args.at(-1) === 'acquire' ? ['granted', 'e', 1, 10] : [0, 'e', 1, 0, 0]
    }
    const store = redisStore(client)
    const uploads = admission({ bytes: 100, unknownLength: STEPS, store })
    const growing = await granted(uploads, 'chunked')
    away = true
    const events = heard()
    expect(await growing.extend(11)).toMatchObject({ reason: 'admission_unavailable' })
    expect(refusedOf(events)).toMatchObject([{ reason: 'admission_unavailable' }])
    giveBack(growing)
    await uploads.close({ drainMs: 0 })
  })

  test.each([
    ['went past what was granted while it waited', 11, 'answered', ['refused', 'released']],
    ['kept within what was granted', 10, 'answered', ['released']],
    ['left with its client', 11, 'gone', ['released']],
  ] as const)('is told at its end or not at all: it %s', async (_how, receivedBytes, why, told) => {
    const uploads = admission({ bytes: 100, unknownLength: STEPS })
    const growing = await granted(uploads, 'chunked')
    const held = await granted(uploads, 90)
    const events = heard()
    await growing.extend(5)
    growing.release({ why, receivedBytes })
    expect(events.map(({ kind }) => kind)).toEqual(told)
    giveBack(held)
  })

  it('is asked for once more when it is needed, and goes on where there is room by then', async () => {
    const uploads = admission({ bytes: 100, unknownLength: STEPS })
    const growing = await granted(uploads, 'chunked')
    const held = await granted(uploads, 90)
    const events = heard()
    await growing.extend(5)
    giveBack(held)
    expect(growing.extend(11)).toBe(30)
    giveBack(growing)
    expect(refusedOf(events)).toEqual([])
  })

  it('is not told where the upload was over before: nobody is there', async () => {
    const uploads = admission({ bytes: 100, unknownLength: { ...STEPS, waitMs: 10_000 } })
    const growing = await granted(uploads, 'chunked')
    const held = await granted(uploads, 90)
    const more = growing.extend(5)
    const events = heard()
    giveBack(growing)
    expect(await more).toBeInstanceOf(Refusal)
    expect(events.map(({ kind }) => kind)).toEqual(['released'])
    giveBack(held)
  })
})
