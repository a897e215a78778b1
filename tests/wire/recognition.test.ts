// Which `Expect` fields ask for 100, which are refused, and that nothing in between exists.
// RFC 9110 10.1.1: Expect = #expectation, expectation = token [ "=" ( token / quoted-string ) parameters ]
import { RawClient } from '../support/raw-client.js'
import { refused, stillUsable } from '../support/refusal.js'
import { asking, head } from '../support/request.js'
import { serve } from '../support/server.js'
import { uploads } from '../support/uploads.js'

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

describe('refused: never a 100, one 417, close', () => {
  for (const { rule, lines, reason } of refusedFields) {
    const shown = lines.map((line) => `Expect: ${line}`).join(' / ')
    test(`${rule} (RFC 9110 10.1.1): ${shown} is ${reason}`, async () => {
      const { app, save } = uploads()
      const client = await RawClient.connect(await serve(app))
      client.send(head({ expect: lines, length: 5 }))
      const response = await refused(client, 417, reason)
      expect(response.phrase).toBe('Expectation Failed')
      expect(save.calls).toBe(0)
    })
  }

  test('law 9: the value of the field is not repeated to the client', async () => {
    const client = await RawClient.connect(await serve(uploads().app))
    client.send(head({ expect: 'sec-ret="<script>"', length: 5 }))
    const response = await refused(client, 417, unsupported)
    expect(client.seen).not.toContain('sec-ret')
    expect(response.text).not.toContain('script')
  })

  test('R4 MAY (RFC 9110 10.1.1): the details tell the client what to send instead', async () => {
    const client = await RawClient.connect(await serve(uploads().app))
    client.send(head({ expect: 'something-else', length: 5 }))
    const response = await refused(client, 417, unsupported)
    expect(response.text).toBe(
      '{"error":{"code":417,"reason":"unsupported_expectation","message":"Expectation Failed",' +
        '"details":"Send the request again without the Expect header, or with exactly: ' +
        'Expect: 100-continue"}}',
    )
  })
})

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

describe('asking: exactly one 100, then the answer on a kept connection', () => {
  for (const lines of askingFields) {
    const shown = lines.map((line) => `Expect: ${line}`).join(' / ')
    test(`R1, R2 definition (RFC 9110 10.1.1): ${shown} asks for 100-continue`, async () => {
      const { app, save } = uploads()
      const client = await RawClient.connect(await serve(app))
      client.send(asking({ expect: lines }))
      await client.continue()
      client.send('12345')
      const response = await client.final()
      expect(response.status).toBe(200)
      expect(response.json()).toEqual({ content: '12345' })
      expect(save.calls).toBe(1)
      expect((await stillUsable(client, '/hello')).text).toBe('hello')
    })
  }
})

describe('empty: there is no expectation', () => {
  for (const lines of [[''], [','], [' , '], ['', '']]) {
    const shown = lines.map((line) => `Expect: ${line}`).join(' / ')
    test(`R1 grammar (RFC 9110 5.6.1.2): ${shown} is an empty list`, async () => {
      const client = await RawClient.connect(await serve(uploads().app))
      client.send(`${head({ expect: lines, length: 5 })}12345`)
      const response = await client.final()
      expect(response.status).toBe(200)
      expect(response.json()).toEqual({ content: '12345' })
      expect((await stillUsable(client, '/hello')).text).toBe('hello')
    })

    test(`R18 (RFC 9110 15.2.1): ${shown} brings no 100 when content is read`, async () => {
      const client = await RawClient.connect(await serve(uploads().app))
      client.send(head({ expect: lines, length: 5 }))
      await client.quiet(40)
      client.send('12345')
      expect((await client.final()).status).toBe(200)
    })
  }
})
