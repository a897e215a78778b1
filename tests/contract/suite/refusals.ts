// One policy, two entries (law 1): with and without `Expect` the same statuses and the same bodies,
// from the head alone, at once, whoever refuses.
import { Refusal } from '@expectation/core'
import { answers, counted, echo, throws } from './actions.js'
import type { Application } from './adapter.js'
import { accepted, normalized, refused } from './expectations.js'
import type { Stage } from './stage.js'
import { type Ask, asking } from './talk.js'

interface Case {
  readonly shown: string
  readonly application: Omit<Application, 'save'> & Partial<Pick<Application, 'save'>>
  readonly request?: Ask
  readonly status: number
  readonly reason: string
  readonly fields?: Readonly<Record<string, string>>
}

const large = 100_000_000
const cases: readonly Case[] = [
  {
    shown: 'a declared size',
    application: { gate: { maxContentLength: '1kb' } },
    status: 413,
    reason: 'content_too_large',
  },
  {
    shown: 'an undeclared size',
    application: { gate: { requireContentLength: true } },
    request: { undeclared: true },
    status: 411,
    reason: 'length_required',
  },
  {
    shown: 'a type',
    application: { gate: { acceptedTypes: ['video/*', 'image/png'] } },
    request: { type: 'text/plain' },
    status: 415,
    reason: 'unsupported_media_type',
    fields: { accept: 'video/*, image/png' },
  },
  {
    shown: 'a missing type',
    application: { gate: { acceptedTypes: ['video/*'] } },
    status: 415,
    reason: 'unsupported_media_type',
    fields: { accept: 'video/*' },
  },
  {
    shown: 'a coding',
    application: { gate: { acceptedCodings: ['gzip'] } },
    request: { fields: { 'Content-Encoding': 'br' } },
    status: 415,
    reason: 'unsupported_content_coding',
    fields: { 'accept-encoding': 'gzip' },
  },
  {
    shown: 'a check',
    application: { gate: { checks: [() => new Refusal(429, { reason: 'quota_exhausted' })] } },
    status: 429,
    reason: 'quota_exhausted',
    fields: { 'retry-after': '1' },
  },
  {
    shown: 'a Refusal thrown behind the gate',
    application: {
      gate: {},
      behind: refuseUploads(
        throws(() => new Refusal(401, { headers: { 'WWW-Authenticate': 'Bearer realm="f"' } })),
      ),
    },
    status: 401,
    reason: 'unauthorized',
    fields: { 'www-authenticate': 'Bearer realm="f"' },
  },
  {
    shown: 'a Refusal thrown by the route',
    application: { gate: {}, save: throws(() => new Refusal(409, { reason: 'exists' })) },
    status: 409,
    reason: 'exists',
  },
  {
    shown: 'an error thrown by the route',
    application: { gate: {}, save: throws(() => new Error('private words')) },
    status: 500,
    reason: 'internal_error',
  },
  {
    shown: 'something thrown that is no error',
    application: { gate: {}, save: throws(() => 'private words') },
    status: 500,
    reason: 'internal_error',
  },
  {
    shown: 'an unknown route',
    application: { gate: {} },
    request: { target: '/nowhere' },
    status: 404,
    reason: 'not_found',
  },
]

const passing: readonly (readonly [string, NonNullable<Application['gate']>, Ask])[] = [
  ['a size at the limit', { maxContentLength: 5 }, {}],
  ['a type in a range', { acceptedTypes: ['video/*'] }, { type: 'video/mp4; codecs="a"' }],
  ['a type in other letters', { acceptedTypes: ['image/png'] }, { type: 'Image/PNG' }],
  [
    'an accepted coding',
    { acceptedCodings: ['gzip'] },
    { fields: { 'Content-Encoding': 'GZIP' }, type: 'application/gzip' },
  ],
  ['no coding at all', { acceptedCodings: ['gzip'] }, {}],
]

export function refusals(on: Stage): void {
  for (const { shown, application, request, status, reason, fields = {} } of cases) {
    test(`law 1, R16, R23 MUST (RFC 9110 10.1.1, 15.5): ${shown}: ${status} with and without Expect`, async () => {
      const save = counted(application.save)
      const running = await on.run({ ...application, save: save.action })
      const bodies: string[] = []
      for (const line of ['100-continue', []]) {
        const framed = request?.undeclared === true ? {} : { length: large }
        const talk = await running.ask({ ...framed, ...request, expect: line })
        const answer = await refused(talk, status, reason)
        for (const [name, value] of Object.entries(fields)) expect(answer.field(name)).toBe(value)
        expect(answer.text).not.toContain('private')
        bodies.push(answer.text)
      }
      expect(bodies[1]).toBe(bodies[0])
      expect(save.calls()).toBe(application.save === undefined ? 0 : 2)
    })
  }

  const places = [
    ['before the gate', 'before'],
    ['behind the gate', 'behind'],
    ['in the route', 'save'],
  ] as const
  for (const [shown, place] of places) {
    if (place === 'before' && !on.same('before the gate')) continue
    for (const line of ['100-continue', []]) {
      const asked = line === '100-continue' ? 'with Expect' : 'without Expect'
      test(`law 2, R26 MUST (RFC 9112 9.6): the application's own 401 ${shown}, ${asked}`, async () => {
        const mine = answers(401, '{"mine":true}', { 'x-mine': 'yes' })
        const running = await on.run({ gate: {}, save: echo, [place]: refuseUploads(mine) })
        const talk = await running.ask({ expect: line, length: large })
        const answer = await talk.final()
        expect(answer.status).toBe(401)
        expect(answer.json()).toEqual({ mine: true })
        expect(answer.field('x-mine')).toBe('yes')
        await talk.unread(answer)
      })
    }
  }

  test('R16 MUST (RFC 9110 10.1.1): an early 200 that needs no content closes likewise', async () => {
    const running = await on.run({ gate: {}, save: answers(200, 'known already') })
    for (const line of ['100-continue', []]) {
      const talk = await running.ask({ expect: line, length: large })
      const answer = await talk.final()
      expect(answer.text).toBe('known already')
      await talk.unread(answer)
    }
  })

  test('R37 MAY, R26 MUST: an answer without content of its own does not stick', async () => {
    const running = await on.run({ gate: {}, save: answers(304, '') })
    for (const line of ['100-continue', []]) {
      const talk = await running.ask({ expect: line, length: large })
      const answer = await talk.final()
      expect(answer.status).toBe(304)
      await talk.unread(answer)
    }
  })

  for (const [shown, gate, request] of passing) {
    test(`law 1: ${shown} is not refused`, async () => {
      const running = await on.run({ gate, save: echo })
      await accepted(await running.ask(asking(request)))
    })
  }

  for (const line of ['100-continue', []]) {
    const asked = line === '100-continue' ? 'with Expect' : 'without Expect'
    test(`RFC 9110 15.5.14: undeclared content is counted: the limit is not over it, ${asked}`, async () => {
      const running = await on.run({ gate: { maxContentLength: 10 }, save: echo })
      const most = await running.ask({ expect: line, undeclared: true })
      if (line === '100-continue') await most.continue()
      const whole = await most.send('12345').send('67890', 'last').final()
      expect(whole.json()).toEqual({ content: '1234567890' })
      const over = await running.ask({ expect: line, undeclared: true })
      if (line === '100-continue') await over.continue()
      await refused(over.send('12345').send('67890').send('x'), 413, 'content_too_large')
    })
  }

  test('law 10: a request without content and Expect passes every rule', async () => {
    const never = (): never => {
      throw new Error('not asked')
    }
    const running = await on.run({
      gate: {
        maxContentLength: 1,
        requireContentLength: true,
        acceptedTypes: ['video/*'],
        checks: [never],
      },
      save: echo,
    })
    const talk = await running.ask({ method: 'GET', target: '/hello', type: 'text/plain' })
    const answer = await talk.final()
    expect(answer.text).toBe('hello')
    await talk.kept(answer)
  })

  test('docs/errors.md: a request without content that no route takes is 404 and kept', async () => {
    const running = await on.run({ gate: {}, save: echo })
    const talk = await running.ask({ method: 'GET', target: '/nowhere' })
    const answer = await talk.final()
    normalized(answer, 404, 'not_found')
    await talk.kept(answer)
  })
}

/** The connection is asked afterwards whether it lives: that request goes on. */
function refuseUploads(action: Application['save']): Application['save'] {
  return (visit) => (visit.content.method === 'GET' ? undefined : action(visit))
}
