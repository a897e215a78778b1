// Every event in every state of the content.

import { describe, expect, it } from '@jest/globals'
import {
  CONTENTS,
  type Content,
  type ContentEvent,
  isHandedOn,
  isReceived,
  nextContent,
} from './content.js'

const events: ContentEvent[] = ['end', 'refuse', 'break']

const table: Readonly<Record<Content, string>> = {
  //             end      refuse   break     received  handed on
  none: /*    */ 'none     none     none      yes       yes',
  coming: /*  */ 'complete refused  broken    no        yes',
  complete: /**/ 'complete dropped  complete  yes       yes',
  refused: /* */ 'dropped  refused  broken    no        no',
  dropped: /* */ 'dropped  dropped  dropped   yes       no',
  broken: /*  */ 'broken   broken   broken    no        no',
}

const yes = (answer: boolean) => (answer ? 'yes' : 'no')

describe('content (RFC 9112 sections 8 and 9.3)', () => {
  it.each(CONTENTS)('in state %s: each event, and what the state means', (state) => {
    const moves = events.map((event) => nextContent(state, event))
    const meaning = [yes(isReceived(state)), yes(isHandedOn(state))]
    expect([...moves, ...meaning]).toEqual(table[state].split(/ +/))
  })

  it('that has come to its end never un-ends', () => {
    for (const state of CONTENTS.filter(isReceived)) {
      for (const event of events) expect(isReceived(nextContent(state, event))).toBe(true)
    }
  })
})
