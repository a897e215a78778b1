// Options on the wire: what `acceptContinue`, `unknownExpectation`, `expectations` and `format` do.
import { Refusal } from '@expectation/core'
import { echo } from './actions.js'
import type { Application } from './adapter.js'
import { accepted, refused } from './expectations.js'
import type { Stage } from './stage.js'
import { type Ask, asking } from './talk.js'

type Gate = NonNullable<Application['gate']>

export function options(on: Stage): void {
  const ask = async (gate: Gate, request: Ask) =>
    (await on.run({ gate, save: echo })).ask({ length: 5, ...request })
  /** Taken without a 100. */
  const taken = async (gate: Gate, request: Ask): Promise<void> => {
    const talk = await ask(gate, request)
    await talk.quiet(30)
    const answer = await talk.send('12345', 'last').final()
    expect(answer.json()).toEqual({ content: '12345' })
  }

  const declining: Gate = { acceptContinue: false }
  test('decision 0003: acceptContinue: false says so', async () => {
    const talk = await ask(declining, { expect: '100-continue' })
    const answer = await refused(talk, 417, 'unsupported_expectation')
    expect(answer.json()).toMatchObject({
      error: { details: '100-continue negotiation not supported' },
    })
  })

  test('decision 0003: an upload that does not ask is taken', async () => taken(declining, {}))

  test('R13 MAY (RFC 9110 10.1.1): acceptContinue: false ignores 100-continue without content', async () => {
    const running = await on.run({ gate: declining, save: echo })
    const talk = await running.ask({ method: 'GET', target: '/hello', expect: '100-continue' })
    expect((await talk.final()).text).toBe('hello')
  })

  const ignoring: Gate = { unknownExpectation: 'ignore' }
  test("R4 MAY (RFC 9110 10.1.1): 'ignore': nobody waits for a 100 that an unknown one brings", async () =>
    taken(ignoring, { expect: 'something-else' }))

  for (const value of ['100-continue, foo', 'foo, 100-continue']) {
    test(`R4 MAY (RFC 9110 10.1.1): 'ignore': Expect: ${value} still asks for 100-continue`, async () => {
      await accepted(await ask(ignoring, { expect: value }))
    })
  }

  for (const value of ['y 100-continue', '"100-continue"', '100-continue;q=1', 'x-100-continue']) {
    test(`R1 grammar (RFC 9110 10.1.1), law 6: 'ignore': Expect: ${value} never brings a 100`, async () => {
      const talk = await ask(ignoring, { expect: value })
      const answer = await talk.send('12345', 'last').final()
      expect([200, 417]).toContain(answer.status)
    })
  }

  extensions(on)

  test('docs/options.md: format, a function', async () => {
    const gate: Gate = {
      maxContentLength: 4,
      format: ({ reason, status }) => ({ ok: false, why: reason, status }),
    }
    const talk = await ask(gate, asking())
    const answer = await talk.final()
    expect(answer.json()).toEqual({ ok: false, why: 'content_too_large', status: 413 })
    expect(answer.field('content-length')).toBe(String(answer.body.length))
    await talk.unread(answer)
  })
}

function extensions(on: Stage): void {
  const gate: Gate = {
    expectations: {
      'x-quota': (member) => Number(member.value) <= 10,
      'x-owner': () => new Refusal(403, { reason: 'not_yours' }),
      'x-later': async () => true,
    },
  }
  const ask = async (expect: string) =>
    (await on.run({ gate, save: echo })).ask({ expect, length: 5 })

  test('R4 MAY (RFC 9110 10.1.1): an extension that agrees lets the upload pass', async () => {
    await accepted(await ask('x-quota=5, 100-continue'))
  })

  test('R3 (RFC 9110 10.1.1): an extension by itself is no 100-continue: no 100', async () => {
    const talk = await ask('X-Later')
    await talk.quiet(30)
    const answer = await talk.send('12345', 'last').final()
    expect(answer.json()).toEqual({ content: '12345' })
  })

  for (const [shown, value, status, reason] of [
    ['one that declines', 'x-quota="50", 100-continue', 417, 'unsupported_expectation'],
    ['one that answers with a Refusal', '100-continue, x-owner', 403, 'not_yours'],
    ['one that nobody knows', 'x-quota=1, x-other, 100-continue', 417, 'unsupported_expectation'],
  ] as const) {
    test(`R21 definition (RFC 9110 15.5.18): ${shown}: ${status}`, async () => {
      await refused(await ask(value), status, reason)
    })
  }
}
