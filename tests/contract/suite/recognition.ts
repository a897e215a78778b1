// Which `Expect` fields ask for 100, which are refused, and that nothing in between exists.
// RFC 9110 10.1.1: Expect = #expectation, expectation = token [ "=" ( token / quoted-string ) parameters ]
import { counted, echo } from './actions.js'
import { accepted, refused } from './expectations.js'
import type { Stage } from './stage.js'
import { asking } from './talk.js'

interface Row {
  readonly rule: string
  readonly lines: readonly string[]
  readonly reason: 'unsupported_expectation' | 'malformed_expectation'
}

const unsupported = 'unsupported_expectation'
const malformed = 'malformed_expectation'

const refusedFields: readonly Row[] = [
  { rule: 'R1 grammar', lines: ['y 100-continue'], reason: malformed },
  { rule: 'R1 grammar', lines: ['100 continue'], reason: malformed },
  { rule: 'R1 grammar', lines: ['"100-continue"'], reason: malformed },
  { rule: 'R1 grammar', lines: ['100-continue;q=1'], reason: malformed },
  { rule: 'R1 grammar', lines: ['100-continue='], reason: malformed },
  { rule: 'R1 grammar', lines: ['foo="a, 100-continue'], reason: malformed },
  { rule: 'R1 grammar', lines: ['y 100-continue', '100-continue'], reason: malformed },
  { rule: 'R1 grammar', lines: ['100-continue', 'y 100-continue'], reason: malformed },
  { rule: 'R1 grammar', lines: ['"100-continue"', '100-continue'], reason: malformed },
  { rule: 'R1 grammar', lines: ['100-continue', '100-continue;q=1'], reason: malformed },
  { rule: 'R3 definition', lines: ['100-continue=1'], reason: unsupported },
  { rule: 'R4 MAY', lines: ['something-else'], reason: unsupported },
  { rule: 'R4 MAY', lines: ['x-100-continue'], reason: unsupported },
  { rule: 'R4 MAY', lines: ['x-100-continue', '100-continue'], reason: unsupported },
  { rule: 'R4 MAY', lines: ['100-continue-not'], reason: unsupported },
  { rule: 'R4 MAY', lines: ['foo=100-continue'], reason: unsupported },
  { rule: 'R4 MAY', lines: ['100-continue, foo'], reason: unsupported },
  { rule: 'R4 MAY', lines: ['foo, 100-continue'], reason: unsupported },
  { rule: 'R4 MAY', lines: ['100-continue', 'foo'], reason: unsupported },
  { rule: 'R4 MAY', lines: ['foo', '100-continue'], reason: unsupported },
  { rule: 'R4 MAY', lines: ['foo="a, 100-continue"'], reason: unsupported },
  { rule: 'R4 MAY', lines: ['foo="a, 100-continue"', '100-continue'], reason: unsupported },
  { rule: 'R4 MAY', lines: ['foo="a, 100-continue, b"'], reason: unsupported },
]

const askingFields: readonly (readonly string[])[] = [
  ['100-continue'],
  ['100-CONTINUE'],
  ['100-Continue'],
  [',100-continue,'],
  [' , ,100-continue , '],
  ['100-continue, 100-continue'],
  ['100-continue', '100-continue'],
  ['', '100-continue'],
  ['100-Continue', '100-CONTINUE'],
]

const emptyFields: readonly (readonly string[])[] = [[''], [','], [' , '], ['', '']]

const shownAs = (lines: readonly string[]): string =>
  lines.map((line) => `Expect: ${line}`).join(' / ')

export function recognition(on: Stage): void {
  describe('refused: never a 100, one 417, close', () => {
    for (const { rule, lines, reason } of refusedFields) {
      test(`${rule} (RFC 9110 10.1.1): ${shownAs(lines)} is ${reason}`, async () => {
        const save = counted()
        const running = await on.run({ gate: {}, save: save.action })
        await refused(await running.ask({ expect: lines, length: 5 }), 417, reason)
        expect(save.calls()).toBe(0)
      })
    }

    test('law 9: the value of the field is not repeated to the client', async () => {
      const running = await on.run({ gate: {}, save: echo })
      const talk = await running.ask({ expect: 'sec-ret="<script>"', length: 5 })
      const answer = await refused(talk, 417, unsupported)
      expect(answer.text).not.toMatch(/sec-ret|script/)
    })

    test('R4 MAY (RFC 9110 10.1.1): the details tell the client what to send instead', async () => {
      const running = await on.run({ gate: {}, save: echo })
      const answer = await refused(
        await running.ask({ expect: 'something-else', length: 5 }),
        417,
        unsupported,
      )
      expect(answer.text).toBe(
        '{"error":{"code":417,"reason":"unsupported_expectation","message":"Expectation Failed",' +
          '"details":"Send the request again without the Expect header, or with exactly: ' +
          'Expect: 100-continue"}}',
      )
    })
  })

  describe('asking: exactly one 100, then the answer on a kept connection', () => {
    for (const lines of askingFields) {
      test(`R1, R2 definition (RFC 9110 10.1.1): ${shownAs(lines)} asks for 100-continue`, async () => {
        const save = counted()
        const running = await on.run({ gate: {}, save: save.action })
        await accepted(await running.ask(asking({ expect: lines })))
        expect(save.calls()).toBe(1)
      })
    }
  })

  describe('empty: there is no expectation', () => {
    for (const lines of emptyFields) {
      test(`R1 grammar, R18 (RFC 9110 5.6.1.2, 15.2.1): ${shownAs(lines)} is an empty list: no 100`, async () => {
        const running = await on.run({ gate: {}, save: echo })
        const talk = await running.ask({ expect: lines, length: 5 })
        await talk.quiet(40)
        const answer = await talk.send('12345', 'last').final()
        expect(answer.json()).toEqual({ content: '12345' })
        await talk.kept(answer)
      })
    }
  })
}
