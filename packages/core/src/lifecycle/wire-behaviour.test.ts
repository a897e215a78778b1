// docs/wire-behaviour.md says what the code does: every table is compared with the functions it shows.

import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import {
  CONTENTS,
  type Content,
  type ContentEvent,
  isHandedOn,
  isReceived,
  nextContent,
} from './content.js'
import {
  CONTINUATIONS,
  type Continuation,
  type ContinuationEvent,
  nextContinuation,
} from './continuation.js'
import { DRAIN_BYTES, dispositionAtEnd, dispositionAtHead } from './disposition.js'

const page = readFileSync(join(__dirname, '../../../../docs/wire-behaviour.md'), 'utf8')

type Row = Readonly<Record<string, string>>

function tableUnder(heading: string): readonly Row[] {
  const section = page.split(/^## /m).find((part) => part.startsWith(heading)) ?? ''
  const [names = [], , ...rows] = section
    .split('\n')
    .filter((line) => line.startsWith('|'))
    .map((line) =>
      line
        .split('|')
        .slice(1, -1)
        .map((cell) => cell.trim()),
    )
  return rows.map((cells) => Object.fromEntries(names.map((name, at) => [name, cells[at] ?? ''])))
}

test('the 100: every event in every state', () => {
  const rows = tableUnder('The 100')
  expect(rows.map(({ state }) => state)).toEqual(CONTINUATIONS)
  for (const { state = '', ...shown } of rows) {
    const next = Object.keys(shown).map((event) => [
      event,
      nextContinuation(state as Continuation, event as ContinuationEvent),
    ])
    expect([state, shown]).toEqual([state, Object.fromEntries(next)])
  }
})

test('the content: every event in every state, and what it means', () => {
  const rows = tableUnder('The content')
  expect(rows.map(({ state }) => state)).toEqual(CONTENTS)
  for (const { state = '', end, refuse, break: broken, ...meaning } of rows) {
    const content = state as Content
    const events: readonly ContentEvent[] = ['end', 'refuse', 'break']
    const next = events.map((event) => nextContent(content, event))
    expect([state, end, refuse, broken]).toEqual([state, ...next])
    const yes = (is: boolean) => (is ? 'yes' : 'no')
    expect(Object.values(meaning)).toEqual([yes(isReceived(content)), yes(isHandedOn(content))])
  }
})

const FLAGS = ['no', 'yes']
const RESTS: Readonly<Record<string, number | undefined>> = {
  'up to 64 KiB': DRAIN_BYTES,
  'up to maxBytes': 2 * DRAIN_BYTES,
  more: 2 * DRAIN_BYTES + 1,
  unknown: undefined,
}

/** Whether a cell allows a value; `up to maxBytes` holds for what is up to 64 KiB, too. */
function fits(cell: string | undefined, value: string): boolean {
  const small = cell === 'up to maxBytes' && value === 'up to 64 KiB'
  // Without a challenge what is over 64 KiB is more, whatever maxBytes is.
  return cell === '-' || cell === value || small
}

test('the final head: every combination of facts', () => {
  const rows = tableUnder('What a final head says')
  for (const closing of FLAGS)
    for (const received of FLAGS)
      for (const read of FLAGS)
        for (const status of ['below 400', '400'])
          for (const challenge of FLAGS)
            for (const asks of FLAGS)
              for (const rest of Object.keys(RESTS)) {
                const shownRest = challenge === 'no' && rest === 'up to maxBytes' ? 'more' : rest
                const row = rows.find(
                  (each) =>
                    fits(each.closing, closing) &&
                    fits(each.received, received) &&
                    fits(each.read, read) &&
                    fits(each.status, status) &&
                    fits(each.challenge, challenge) &&
                    fits(each.Expect, asks) &&
                    fits(each.rest, shownRest),
                )
                const facts = {
                  closing: closing === 'yes',
                  received: received === 'yes',
                  read: read === 'yes',
                  refuses: status === '400',
                  challenge: challenge === 'yes',
                  asks: asks === 'yes',
                  remaining: RESTS[rest],
                  maxBytes: 2 * DRAIN_BYTES,
                }
                expect([facts, row?.['the head says']]).toEqual([facts, dispositionAtHead(facts)])
              }
})

test('the end of the response: every combination of facts', () => {
  const rows = tableUnder('What is done when')
  for (const gone of FLAGS)
    for (const received of FLAGS)
      for (const read of FLAGS)
        for (const closing of FLAGS)
          for (const last of FLAGS)
            for (const behind of FLAGS) {
              const row = rows.find(
                (each) =>
                  fits(each.gone, gone) &&
                  fits(each.received, received) &&
                  fits(each.read, read) &&
                  fits(each.closing, closing) &&
                  fits(each.last, last) &&
                  fits(each['bytes behind'], behind),
              )
              const facts = {
                gone: gone === 'yes',
                received: received === 'yes',
                read: read === 'yes',
                closing: closing === 'yes',
                behind: behind === 'yes',
                last: last === 'yes',
              }
              expect([facts, row?.['what is done']]).toEqual([facts, dispositionAtEnd(facts)])
            }
})
