// HTTP/2: what is told by frames alone (RFC 9113 section 8.1; R36 to R38).
import { Refusal } from '@expectation/core'
import { latch } from '../../support/server.js'
import { answers, contentOf, counted, echo, throws } from './actions.js'
import type { Action } from './adapter.js'
import { normalized, refused } from './expectations.js'
import type { Stage } from './stage.js'
import { asking } from './talk.js'

export function frames(on: Stage): void {
  test('R36 (RFC 9113 8.1): the 100 is one HEADERS frame without END_STREAM, and only one', async () => {
    const line = await on.runHttp2({ gate: {}, save: echo })
    const talk = line.ask(asking())
    await talk.continue()
    await talk.quiet(30)
    talk.send('12345', 'last')
    await talk.kept(await talk.final())
    const shape = talk.frames.map(({ type, endStream }) => [type, endStream])
    expect(shape.slice(0, 3)).toEqual([
      ['HEADERS', false],
      ['HEADERS', false],
      ['DATA', expect.any(Boolean)],
    ])
    expect(shape.filter(([type]) => type === 'HEADERS')).toHaveLength(2)
  })

  const refusals: Readonly<Record<string, readonly [number, object, Action]>> = {
    'of the gate': [413, { maxContentLength: 4 }, echo],
    'thrown by the route': [403, {}, throws(() => new Refusal(403))],
    'of the route, in its own words': [401, {}, answers(401)],
  }
  for (const [shown, [status, gate, save]] of Object.entries(refusals)) {
    test(`R37 MAY (RFC 9113 8.1): a refusal ${shown} is HEADERS, DATA, END_STREAM, then RST_STREAM(NO_ERROR)`, async () => {
      const line = await on.runHttp2({ gate, save })
      const talk = line.ask(asking())
      const answer = await talk.final()
      expect(answer.status).toBe(status)
      await talk.unread(answer)
      const types = talk.frames.map(({ type }) => type)
      expect(types[0]).toBe('HEADERS')
      expect(types[1]).toBe('DATA')
      expect(types.filter((type) => type === 'RST_STREAM')).toHaveLength(1)
      expect(types.at(-1)).toBe('RST_STREAM')
    })
  }

  test('R37 MAY (RFC 9113 8.1): a refusal with nothing in it does not stick', async () => {
    const line = await on.runHttp2({ gate: {}, save: answers(403, '') })
    for (const request of [asking(), asking({ expect: [] })]) {
      const talk = line.ask(request)
      const answer = await talk.final()
      expect(answer.status).toBe(403)
      await talk.unread(answer)
    }
  })

  test('R38 MUST NOT (RFC 9113 8.2.2): no connection field, also when the application sets one', async () => {
    const save = answers(403, 'no', { 'x-mine': 'yes' })
    const line = await on.runHttp2({ gate: {}, save })
    const talk = line.ask(asking())
    const answer = await talk.final()
    expect(answer.field('x-mine')).toBe('yes')
    for (const name of ['connection', 'keep-alive', 'transfer-encoding']) {
      expect(answer.field(name)).toBeUndefined()
    }
    await talk.unread(answer)
  })

  test('R13 MAY (RFC 9110 10.1.1): a request with END_STREAM gets no 100', async () => {
    const line = await on.runHttp2({ gate: {}, save: echo })
    const talk = line.ask({ expect: '100-continue' })
    const answer = await talk.final()
    expect(answer.json()).toEqual({ content: '' })
    expect(talk.interims).toBe(0)
    await talk.kept(answer)
  })

  test('R4 MAY (RFC 9110 10.1.1): an unknown expectation is 417 with END_STREAM too, and nothing is reset', async () => {
    const line = await on.runHttp2({ gate: {}, save: echo })
    const talk = line.ask({ method: 'GET', target: '/hello', expect: 'something-else' })
    const answer = await talk.final()
    normalized(answer, 417, 'unsupported_expectation')
    await talk.kept(answer)
  })

  test('R38: other streams of the session are untouched by a refusal', async () => {
    const go = latch()
    const save: Action = async ({ content }) => {
      const all = await contentOf(content)
      await go.opened
      return { body: all }
    }
    const line = await on.runHttp2({ gate: { maxContentLength: 10 }, save })
    const slow = line.ask(asking({ target: '/files/slow' }))
    await slow.continue()
    for (let round = 0; round < 10; round += 1) {
      await refused(line.ask(asking({ length: 1000 })), 413, 'content_too_large')
    }
    slow.send('12345', 'last')
    go.open()
    const answer = await slow.final()
    expect(answer.text).toBe('12345')
    await slow.kept(answer)
  })

  test('law 3: many refused uploads on one session, each sending without looking, are all delivered', async () => {
    const save = counted(echo)
    const line = await on.runHttp2({ gate: { maxContentLength: 10 }, save: save.action })
    const talks = Array.from({ length: 20 }, () => {
      const talk = line.ask({ length: 5_000_000 })
      return talk.send(Buffer.alloc(1_000_000))
    })
    for (const talk of talks) await refused(talk, 413, 'content_too_large')
    expect(save.calls()).toBe(0)
  })

  test('law 4: an upload that was received whole ends without a reset', async () => {
    const line = await on.runHttp2({ gate: {}, save: echo })
    const talk = line.ask({ length: 5 })
    talk.send('12345', 'last')
    const answer = await talk.final()
    expect(answer.json()).toEqual({ content: '12345' })
    await talk.kept(answer)
  })
}
