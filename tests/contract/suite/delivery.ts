// A refusal arrives (law 3), whoever wrote it, also in the middle of the content, also when the
// application drops the stream; and when the head is out, nothing looks whole that is not.
import { Writable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { setTimeout as delay } from 'node:timers/promises'
import { Refusal } from '@expectation/core'
import { latch, within } from '../../support/server.js'
import { answers, contentOf, counted } from './actions.js'
import type { Action, Application } from './adapter.js'
import { normalized } from './expectations.js'
import type { Stage } from './stage.js'
import type { Ask, Talk } from './talk.js'

const MIB = 1024 * 1024
const content = Buffer.alloc(5 * MIB, 'x')

export function delivery(on: Stage): void {
  for (const framing of ['declared', 'undeclared']) {
    const framed = framing === 'declared' ? { length: content.length } : { undeclared: true }
    early(on, framing, framed)
    midway(on, framing, framed)
    dropped(on, framing, framed)
  }
  headOut(on)

  test('law 3: whoever waits for content after the answer learns that none will come, by no error', async () => {
    const learnt = latch<unknown>()
    const errors = latch<unknown>()
    const save: Action = ({ content }) => {
      content.once('error', errors.open)
      content.once('close', () => learnt.open('closed'))
      return new Promise((resolve) =>
        content.once('data', () => resolve({ status: 403, body: 'no' })),
      )
    }
    const talk = await upload(on, save, { length: 100 * MIB })
    const answer = await talk.final()
    expect(answer.status).toBe(403)
    await talk.unread(answer)
    talk.leave()
    expect(await within('the consumer', Promise.race([learnt.opened, errors.opened]))).toBe(
      'closed',
    )
  })
}

/** Sends without waiting or looking, as most clients do. */
async function upload(on: Stage, application: Action | Application, request: Ask): Promise<Talk> {
  const given = typeof application === 'function' ? { gate: {}, save: application } : application
  const talk = await (await on.run(given)).ask(request)
  return talk.send(content)
}

function early(on: Stage, framing: string, framed: Ask): void {
  const ways: Readonly<Record<string, readonly [number, Application]>> = {
    'a rule of the gate': [411, { gate: { requireContentLength: true }, save: answers(200) }],
    'a check': [403, { gate: { checks: [() => new Refusal(403)] }, save: answers(200) }],
    "the application's own answer": [401, { gate: {}, save: answers(401) }],
    'a Refusal thrown': [429, { gate: {}, save: () => Promise.reject(new Refusal(429)) }],
    'an early 200': [200, { gate: {}, save: answers(200, 'known already') }],
    'a redirect': [307, { gate: {}, save: answers(307, '', { Location: '/elsewhere' }) }],
    'a late answer': [403, { gate: {}, save: () => delay(30, { status: 403 }) }],
  }
  for (const [shown, [status, application]] of Object.entries(ways)) {
    if (status === 411 && framing === 'declared') continue
    test(`law 3 (RFC 9112 9.6): ${shown}, ${framing}: the ${status} arrives while 5 MiB are being sent`, async () => {
      const talk = await upload(on, application, framed)
      const answer = await talk.final(8000)
      expect(answer.status).toBe(status)
      await talk.unread(answer)
    })
  }
}

function midway(on: Stage, framing: string, framed: Ask): void {
  const sinks: Readonly<Record<string, Action>> = {
    'for await': async (visit) => ({ body: await contentOf(visit.content) }),
    pipeline: async (visit) => {
      await pipeline(visit.content, new Writable({ write: (_c, _e, done) => done() }))
      return { body: 'whole' }
    },
  }
  for (const [shown, action] of Object.entries(sinks)) {
    if (framing === 'declared') break
    test(`law 3 (RFC 9110 15.5.14): over the limit while it is read by ${shown}: 413`, async () => {
      const save = counted(action)
      const gate = { maxContentLength: 100_000 }
      const talk = await upload(on, { gate, save: save.action }, framed)
      const answer = await talk.final(8000)
      normalized(answer, 413, 'content_too_large')
      await talk.unread(answer)
      expect(save.calls()).toBe(1)
    })
  }

  test(`law 3: a Refusal thrown in the middle, ${framing}: the 422 arrives`, async () => {
    const save: Action = async (visit) => {
      for await (const _part of visit.content) throw new Refusal(422, { reason: 'bad_magic' })
      return { body: 'never' }
    }
    const talk = await upload(on, save, framed)
    const answer = await talk.final(8000)
    normalized(answer, 422, 'bad_magic')
    await talk.unread(answer)
  })
}

function dropped(on: Stage, framing: string, framed: Ask): void {
  const full = (): Error => Object.assign(new Error('no space left'), { status: 507, expose: true })
  const ways: Readonly<Record<string, readonly [number, Action]>> = {
    'for await left by break': [
      507,
      async (visit) => {
        for await (const _part of visit.content) break
        return { status: 507, body: 'full' }
      },
    ],
    'for await left by break, answered later': [
      507,
      async (visit) => {
        for await (const _part of visit.content) break
        await delay(50)
        return { status: 507, body: 'full' }
      },
    ],
    'a pipeline into a sink that fails': [
      507,
      async (visit) => {
        await pipeline(visit.content, new Writable({ write: (_c, _e, done) => done(full()) }))
        return { body: 'never' }
      },
    ],
    'destroy(), then the answer': [
      413,
      async (visit) => {
        visit.content.destroy()
        await delay(10)
        return { status: 413, body: 'no' }
      },
    ],
    'destroy(error)': [
      422,
      ({ content: stream }) =>
        new Promise((_resolve, reject) => {
          stream.once('error', reject)
          stream.once('data', () => stream.destroy(Object.assign(new Error('no'), { status: 422 })))
        }),
    ],
  }
  for (const [shown, [status, save]] of Object.entries(ways)) {
    for (const line of ['100-continue', []]) {
      const asked = line.length === 0 ? 'without Expect' : 'with Expect'
      test(`law 3 (RFC 9112 9.6): ${shown}, ${framing}, ${asked}: the ${status} arrives`, async () => {
        const talk = await (await on.run({ gate: {}, save })).ask({ ...framed, expect: line })
        if (line.length > 0 && !shown.startsWith('destroy(), ')) await talk.continue()
        talk.send(content)
        const answer = await talk.final(8000)
        expect(answer.status).toBe(status)
        await talk.unread(answer)
      })
    }
  }
}

function headOut(on: Stage): void {
  const ends: Readonly<Record<string, readonly [object, Action]>> = {
    'the limit': [
      // More than what comes with the head, which is compared before the handler runs.
      { maxContentLength: MIB },
      async ({ content: stream }) => {
        await new Promise((resolve) => stream.on('data', () => undefined).once('end', resolve))
        return undefined
      },
    ],
    'a Refusal thrown': [
      {},
      async ({ content: stream }) => {
        for await (const _part of stream) throw new Refusal(422)
        return undefined
      },
    ],
    'an error thrown': [{}, () => Promise.reject(new Error('private words'))],
  }
  for (const [shown, [gate, finish]] of Object.entries(ends)) {
    test(`RFC 9112 section 8: ${shown} once the head is out: never a whole response`, async () => {
      const save: Action = async (visit) => {
        visit.response.writeHead(200, { 'Content-Type': 'text/plain' })
        visit.response.write('start')
        return await finish(visit)
      }
      const talk = await upload(on, { gate, save }, { undeclared: true })
      await talk.broken()
    })
  }
}
