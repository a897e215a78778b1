// The headroom is kept for content that waits to grow. Once none does, it is there for those who wait for it,
// whichever way that wait has ended.

import { admission } from '@expectation/admission'
import { Grant } from '@expectation/core'
import { ask, giveBack, granted } from './support/asking.js'

const STEPS = { first: 60, step: 40, headroom: 0.2 }
const LONG = 700

describe('who waits for the headroom alone', () => {
  it('is let in when the upload is over that waited to grow', async () => {
    const unknownLength = { ...STEPS, waitMs: 10_000 }
    const uploads = admission({ bytes: 100, unknownLength, waitMs: LONG })
    const growing = await granted(uploads, 'chunked')
    const held = await granted(uploads, 40)
    const more = growing.extend(50)
    const waiting = ask(uploads, 50)
    giveBack(growing)
    await more
    const answer = await waiting
    expect(answer).toBeInstanceOf(Grant)
    if (answer instanceof Grant) giveBack(answer, held)
    expect(uploads.stats()).toEqual({ slots: 0, bytes: 0, waiting: 0 })
  })

  it('is let in when the one that waited to grow is refused midway', async () => {
    const unknownLength = { ...STEPS, waitMs: 50 }
    const uploads = admission({ bytes: 100, unknownLength, waitMs: LONG })
    const growing = await granted(uploads, 'chunked')
    const held = await granted(uploads, 10)
    const more = growing.extend(50)
    const waiting = ask(uploads, 20)
    expect(await more).toMatchObject({ status: 503 })
    // It is not over yet: its client has still to be told.
    const answer = await waiting
    expect(answer).toBeInstanceOf(Grant)
    if (answer instanceof Grant) giveBack(answer, held, growing)
    expect(uploads.stats()).toEqual({ slots: 0, bytes: 0, waiting: 0 })
  })
})
