// Options on the wire: each says what it does, and a wrong one is refused where it is written.

import { type ExpectationOptions, expectation, Refusal } from '@expectation/express'
import express from 'express'
import { RawClient } from '../support/raw-client.js'
import { refused } from '../support/refusal.js'
import { asking, head } from '../support/request.js'
import { serve } from '../support/server.js'
import { uploads } from '../support/uploads.js'

describe('acceptContinue: false', () => {
  test('R4 MAY (RFC 9110 10.1.1): 100-continue is 417 and says that it is not negotiated', async () => {
    const { app, save } = uploads({ acceptContinue: false })
    const client = await RawClient.connect(await serve(app))
    client.send(asking())
    const response = await refused(client, 417, 'unsupported_expectation')
    expect(response.json()).toMatchObject({
      error: { details: '100-continue negotiation not supported' },
    })
    expect(save.calls).toBe(0)
  })

  test('an upload that does not ask is taken', async () => {
    const client = await RawClient.connect(await serve(uploads({ acceptContinue: false }).app))
    client.send(`${head({ length: 5 })}12345`)
    expect((await client.final()).json()).toEqual({ content: '12345' })
  })

  test('R13 MAY (RFC 9110 10.1.1): without content the expectation is ignored', async () => {
    const client = await RawClient.connect(await serve(uploads({ acceptContinue: false }).app))
    client.send(head({ method: 'GET', target: '/hello', expect: '100-continue' }))
    expect((await client.final()).text).toBe('hello')
  })
})

describe("unknownExpectation: 'ignore'", () => {
  const options = { unknownExpectation: 'ignore' } as const

  test('R4 MAY (RFC 9110 10.1.1): an unknown one is ignored, and nobody waits for a 100', async () => {
    const client = await RawClient.connect(await serve(uploads(options).app))
    client.send(head({ expect: 'something-else', length: 5 }))
    await client.quiet(30)
    client.send('12345')
    expect((await client.final()).json()).toEqual({ content: '12345' })
  })

  for (const value of ['100-continue, foo', 'foo, 100-continue']) {
    test(`R4 MAY (RFC 9110 10.1.1): Expect: ${value} still asks for 100-continue`, async () => {
      const client = await RawClient.connect(await serve(uploads(options).app))
      client.send(asking({ expect: value }))
      await client.continue()
      client.send('12345')
      expect((await client.final()).json()).toEqual({ content: '12345' })
    })
  }

  for (const value of ['y 100-continue', '"100-continue"', '100-continue;q=1', 'x-100-continue']) {
    test(`R1 grammar (RFC 9110 10.1.1), law 6: Expect: ${value} never brings a 100`, async () => {
      const client = await RawClient.connect(await serve(uploads(options).app))
      client.send(`${asking({ expect: value })}12345`)
      const response = await client.final()
      expect([200, 417]).toContain(response.status)
    })
  }
})

describe('expectations', () => {
  const options: ExpectationOptions = {
    expectations: {
      'x-quota': (member) => Number(member.value) <= 10,
      'x-owner': () => new Refusal(403, { reason: 'not_yours' }),
      'x-later': async () => true,
    },
  }

  test('R4 MAY (RFC 9110 10.1.1): an extension that agrees lets the upload pass', async () => {
    const client = await RawClient.connect(await serve(uploads(options).app))
    client.send(asking({ expect: 'x-quota=5, 100-continue' }))
    await client.continue()
    client.send('12345')
    expect((await client.final()).json()).toEqual({ content: '12345' })
  })

  test('an extension by itself is no 100-continue: no 100', async () => {
    const client = await RawClient.connect(await serve(uploads(options).app))
    client.send(head({ expect: 'X-Later', length: 5 }))
    await client.quiet(30)
    client.send('12345')
    expect((await client.final()).json()).toEqual({ content: '12345' })
  })

  test('R21 definition (RFC 9110 15.5.18): one that declines is 417', async () => {
    const client = await RawClient.connect(await serve(uploads(options).app))
    client.send(asking({ expect: 'x-quota="50", 100-continue' }))
    await refused(client, 417, 'unsupported_expectation')
  })

  test('one that answers with a Refusal is that refusal', async () => {
    const client = await RawClient.connect(await serve(uploads(options).app))
    client.send(asking({ expect: '100-continue, x-owner' }))
    await refused(client, 403, 'not_yours')
  })

  test('one that nobody knows is 417, whatever the others say', async () => {
    const client = await RawClient.connect(await serve(uploads(options).app))
    client.send(asking({ expect: 'x-quota=1, x-other, 100-continue' }))
    await refused(client, 417, 'unsupported_expectation')
  })
})

describe('bodies by option and by Accept', () => {
  const formats: readonly (readonly [string, ExpectationOptions['format'], object])[] = [
    ['flat', 'flat', { error: 'content_too_large', message: 'Content Too Large' }],
    [
      'an own function',
      (facts) => ({ ok: false, why: facts.reason, status: facts.status }),
      { ok: false, why: 'content_too_large', status: 413 },
    ],
  ]
  for (const [shown, format, body] of formats) {
    test(`format: ${shown}`, async () => {
      const app = express().use(expectation({ maxContentLength: 4, ...(format && { format }) }))
      const client = await RawClient.connect(await serve(app))
      client.send(asking())
      const response = await client.final()
      expect(response.status).toBe(413)
      expect(response.json()).toMatchObject(body)
      expect(response.field('connection')).toBe('close')
      expect(response.field('content-length')).toBe(String(response.body.length))
    })
  }

  test('a client that prefers problem details gets them (RFC 9457)', async () => {
    const app = express().use(expectation({ maxContentLength: 4 }))
    const client = await RawClient.connect(await serve(app))
    client.send(asking({ accept: 'application/problem+json' }))
    const response = await client.final()
    expect(response.field('content-type')).toMatch(/^application\/problem\+json/)
    expect(response.json()).toMatchObject({
      status: 413,
      title: 'Content Too Large',
      reason: 'content_too_large',
      type: expect.stringMatching(/#content_too_large$/),
    })
  })
})

describe('wrong options throw where they are written', () => {
  const wrong: readonly (readonly [string, unknown, string])[] = [
    ['an unknown name', { maxContentLenght: 1 }, 'ERR_EXPECTATION_UNKNOWN_OPTION'],
    ['a negative size', { maxContentLength: -1 }, 'ERR_EXPECTATION_INVALID_OPTION'],
    [
      'a size that is no number',
      { maxContentLength: Number.NaN },
      'ERR_EXPECTATION_INVALID_OPTION',
    ],
    ['a size in no unit', { maxContentLength: '5 apples' }, 'ERR_EXPECTATION_INVALID_OPTION'],
    ['a type that is none', { acceptedTypes: ['vid eo'] }, 'ERR_EXPECTATION_INVALID_OPTION'],
    ['types that are no list', { acceptedTypes: 'video/*' }, 'ERR_EXPECTATION_INVALID_OPTION'],
    ['a check that is no function', { checks: ['auth'] }, 'ERR_EXPECTATION_INVALID_OPTION'],
    ['a time below zero', { checkTimeoutMs: -1 }, 'ERR_EXPECTATION_INVALID_OPTION'],
    ['a time no timer can keep', { checkTimeoutMs: 2 ** 31 }, 'ERR_EXPECTATION_INVALID_OPTION'],
    ['a policy nobody knows', { unknownExpectation: 'allow' }, 'ERR_EXPECTATION_INVALID_OPTION'],
    ['a timing nobody knows', { continueTiming: 'at-once' }, 'ERR_EXPECTATION_INVALID_OPTION'],
    ['a format nobody knows', { format: 'xml' }, 'ERR_EXPECTATION_INVALID_OPTION'],
    [
      'a linger that is wrong inside',
      { linger: { idleMs: 'x' } },
      'ERR_EXPECTATION_INVALID_OPTION',
    ],
    ['a flag that is no boolean', { acceptContinue: 'no' }, 'ERR_EXPECTATION_INVALID_OPTION'],
  ]
  for (const [shown, options, code] of wrong) {
    test(`${shown}: ${code}`, () => {
      let thrown: unknown
      try {
        // What is tested is a caller without types.
        expectation(options as ExpectationOptions)
      } catch (error) {
        thrown = error
      }
      expect(thrown).toBeInstanceOf(TypeError)
      expect(thrown).toMatchObject({ code, option: expect.any(String) })
    })
  }

  test('the message has the subject, the value and the remedy', () => {
    expect(() => expectation({ maxContentLength: '5 apples' })).toThrow(
      /^.*maxContentLength.*"?5 apples"?.*\S$/s,
    )
    const misspelt = { maxContentLenght: 1 } as ExpectationOptions
    expect(() => expectation(misspelt)).toThrow(/maxContentLenght.*maxContentLength/s)
  })
})
