// Errors as one shape, chosen by the client, the gate and the error handler; and the framework's own
// when ours is not mounted.
import { Refusal } from '@expectation/core'
import { echo, throws } from './actions.js'
import { refused } from './expectations.js'
import type { Stage } from './stage.js'
import { asking } from './talk.js'

const large = 100_000_000

export function errors(on: Stage): void {
  const formats = {
    problem: [
      'application/problem+json; charset=utf-8',
      { status: 417, title: 'Expectation Failed' },
    ],
    flat: ['application/json; charset=utf-8', { error: 'unsupported_expectation' }],
  } as const
  for (const [format, [type, body]] of Object.entries(formats)) {
    test(`docs/options.md: format '${format}' of the gate`, async () => {
      const running = await on.run({ gate: { format: format as 'problem' | 'flat' }, save: echo })
      const talk = await running.ask({ expect: 'something-else', length: 5 })
      const answer = await talk.final()
      expect(answer.status).toBe(417)
      expect(answer.field('content-type')).toBe(type)
      expect(answer.json()).toMatchObject(body)
      await talk.unread(answer)
    })
  }

  const preferences = [
    ['application/problem+json', /^application\/problem\+json/],
    ['text/html,application/xhtml+xml,*/*;q=0.8', /^text\/html/],
    ['*/*', /^application\/json/],
  ] as const
  for (const [accept, type] of preferences) {
    test(`docs/options.md (RFC 9110 12.5.1): Accept: ${accept}`, async () => {
      const running = await on.run({ gate: { maxContentLength: 4 }, save: echo })
      const talk = await running.ask(asking({ accept, length: large }))
      const answer = await talk.final()
      expect(answer.status).toBe(413)
      expect(answer.field('content-type')).toMatch(type)
      expect(answer.field('cache-control')).toBe('no-store')
      await talk.unread(answer)
    })
  }

  test('law 9: http-errors conventions: status, message and headers are kept, content fields are not', async () => {
    const thrown = Object.assign(new Error('Slow down'), {
      status: 429,
      expose: true,
      headers: { 'Retry-After': '7', 'Content-Length': '1', Connection: 'keep-alive' },
    })
    const running = await on.run({ gate: {}, save: throws(() => thrown) })
    const talk = await running.ask(asking({ length: large }))
    const answer = await refused(talk, 429, 'too_many_requests')
    expect(answer.json()).toMatchObject({ error: { message: 'Slow down' } })
    expect(answer.field('retry-after')).toBe('7')
  })

  test('law 9: a 5xx with expose: false keeps its message inside', async () => {
    const thrown = Object.assign(new Error('private words'), { status: 503, expose: false })
    const running = await on.run({ gate: {}, save: throws(() => thrown) })
    const answer = await refused(await running.ask(asking()), 503, 'service_unavailable')
    expect(answer.text).not.toContain('private')
  })

  for (const [shown, refusal] of [
    ['thrown behind the gate', new Refusal(409, { reason: 'exists', details: { by: 'b' } })],
  ] as const) {
    test(`docs/errors.md: a Refusal ${shown} carries its reason and details`, async () => {
      const running = await on.run({ gate: {}, save: throws(() => refusal) })
      const answer = await refused(await running.ask(asking()), 409, 'exists')
      expect(answer.json()).toMatchObject({ error: { details: { by: 'b' } } })
    })
  }

  if (on.same('errors left to the framework')) withoutErrorHandler(on)
  if (on.same('not found left to the framework')) notFoundLeft(on)
}

function withoutErrorHandler(on: Stage): void {
  for (const line of ['100-continue', []]) {
    const asked = line.length === 0 ? 'without Expect' : 'with Expect'

    test(`law 7: without errorHandler, ${asked}: a refusal of the gate is the same JSON`, async () => {
      const running = await on.run({ gate: { maxContentLength: 4 }, save: echo, errors: false })
      const talk = await running.ask({ expect: line, length: large })
      await refused(talk, 413, 'content_too_large')
    })

    const ways = [
      ['an error thrown before reading', '/files/a', 500],
      ["the framework's own 404", '/nowhere', 404],
    ] as const
    for (const [shown, target, status] of ways) {
      test(`R16 MUST, R26 MUST (RFC 9112 9.6): without errorHandler, ${asked}: ${shown}: ${status}, at once`, async () => {
        const save = throws(() => new Error('private words'))
        const running = await on.run({ gate: {}, save, errors: false })
        const talk = await running.ask({ target, expect: line, length: large })
        const answer = await talk.final()
        expect(answer.status).toBe(status)
        await talk.unread(answer)
      })
    }
  }
}

function notFoundLeft(on: Stage): void {
  test('docs/options.md: notFound: false leaves it to the framework', async () => {
    const running = await on.run({ gate: {}, save: echo, errors: { notFound: false } })
    const talk = await running.ask(asking({ target: '/nowhere', length: large }))
    const answer = await talk.final()
    expect(answer.status).toBe(404)
    expect(answer.text).not.toContain('"not_found"')
    await talk.unread(answer)
  })
}
