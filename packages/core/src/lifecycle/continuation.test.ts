// Every event in every state of the 100, and what must never happen.

import { describe, expect, it } from '@jest/globals'
import fc from 'fast-check'
import {
  beginContinuation,
  CONTINUATIONS,
  type Continuation,
  type ContinuationEvent,
  nextContinuation,
} from './continuation.js'

const events: ContinuationEvent[] = ['honour', 'want', 'want-behind', 'turn', 'content', 'final']

const table: Readonly<Record<Continuation, string>> = {
  //            honour  want    want-behind  turn  content  final
  none: /*   */ 'owed    none    none         none  none     none',
  owed: /*   */ 'owed    sent    waiting      owed  moot     moot',
  waiting: /**/ 'waiting waiting waiting      sent  moot     moot',
  sent: /*   */ 'sent    sent    sent         sent  sent     sent',
  moot: /*   */ 'moot    moot    moot         moot  moot     moot',
}

describe('the 100 (RFC 9110 section 10.1.1)', () => {
  it.each(CONTINUATIONS)('in state %s, at each event', (state) => {
    expect(events.map((event) => nextContinuation(state, event))).toEqual(table[state].split(/ +/))
  })

  it.each([
    [{ sent: false, content: false }, 'owed'],
    [{ sent: false, content: true }, 'moot'],
    [{ sent: true, content: false }, 'sent'],
    [{ sent: true, content: true }, 'sent'],
  ])('R13 MAY: begins with %j as %s', (facts, state) => {
    expect(beginContinuation(facts)).toBe(state)
  })

  it('R18: is sent once at the most, never after a final head, never behind content', () => {
    fc.assert(
      fc.property(fc.array(fc.constantFrom(...events)), (happened) => {
        let state: Continuation = 'owed'
        let sent = 0
        let over = false
        for (const event of happened) {
          const next = nextContinuation(state, event)
          if (next === 'sent' && state !== 'sent') {
            sent += 1
            expect(over).toBe(false)
          }
          if (event === 'final' || event === 'content') over = true
          state = next
        }
        expect(sent).toBeLessThanOrEqual(1)
      }),
    )
  })
})
