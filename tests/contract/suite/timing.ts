// When the 100 goes out: at the first read of content, once, and at no other moment (law 2).
import { setImmediate as turn } from 'node:timers/promises'
import { type ExpectationOptions, Refusal } from '@expectation/core'
import { latch } from '../../support/server.js'
import { answers, contentOf, echo } from './actions.js'
import type { Action } from './adapter.js'
import { accepted, refused } from './expectations.js'
import type { Stage } from './stage.js'
import { asking } from './talk.js'

/** Reads, but not before it is told to. */
function waiting(go: Promise<void>, before?: Action): Action {
  return async (visit) => {
    await before?.(visit)
    await go
    return { body: JSON.stringify({ content: await contentOf(visit.content) }) }
  }
}

export function timing(on: Stage): void {
  test('R16 MUST (RFC 9110 10.1.1): a handler that reads at once brings a 100 at once', async () => {
    const running = await on.run({ gate: {}, save: echo })
    const talk = await running.ask(asking())
    await talk.continue()
    await talk.quiet(30)
    expect((await talk.send('12345', 'last').final()).status).toBe(200)
  })

  test('law 2: nothing before the first read, then exactly one 100', async () => {
    const go = latch()
    const running = await on.run({ gate: {}, save: waiting(go.opened) })
    const talk = await running.ask(asking())
    await talk.quiet(60)
    go.open()
    await talk.continue()
    talk.send('123').send('45', 'last')
    const answer = await talk.final()
    expect(answer.json()).toEqual({ content: '12345' })
    await talk.kept(answer)
  })

  test('law 2: listening for the end and for errors is not reading', async () => {
    const go = latch()
    const listens: Action = ({ content }) => {
      for (const event of ['end', 'error', 'close']) content.on(event, () => undefined)
      return undefined
    }
    const running = await on.run({ gate: {}, save: waiting(go.opened, listens) })
    const talk = await running.ask(asking())
    await talk.quiet(60)
    go.open()
    await accepted(talk)
  })

  test('R14 MUST (RFC 9110 10.1.1): after the 100 comes the final status, with a refusal too', async () => {
    const save: Action = ({ content }) =>
      new Promise((resolve) => content.once('data', () => resolve({ status: 422, body: 'no' })))
    const running = await on.run({ gate: {}, save })
    const talk = await running.ask(asking({ length: 1_000_000 }))
    await talk.continue()
    const answer = await talk.send('12').final()
    expect(answer.status).toBe(422)
    await talk.unread(answer)
  })

  test('law 2: reading after the final head brings no 100', async () => {
    const save: Action = ({ content, response }) => {
      response.once('finish', () => {
        content.on('data', () => undefined)
        content.resume()
      })
      return { status: 409, body: 'no' }
    }
    const running = await on.run({ gate: {}, save })
    const talk = await running.ask(asking())
    const answer = await talk.final()
    expect(answer.status).toBe(409)
    await talk.unread(answer)
  })

  test('law 2: a 2xx that begins before the content is read comes behind the 100', async () => {
    const save: Action = async ({ content, response }) => {
      response.statusCode = 200
      response.flushHeaders()
      await turn()
      response.write('read: ')
      for await (const part of content) response.write(part)
      response.end()
      return undefined
    }
    const running = await on.run({ gate: {}, save })
    const talk = await running.ask(asking())
    await talk.continue()
    talk.send('12345', 'last')
    expect((await talk.final()).text).toBe('read: 12345')
  })

  test('law 2: an error that begins before the content is read brings no 100', async () => {
    const save: Action = async ({ content, response }) => {
      response.statusCode = 409
      response.write('first ')
      content.on('data', () => undefined)
      await turn()
      response.end('second')
      return undefined
    }
    const running = await on.run({ gate: {}, save })
    const talk = await running.ask(asking())
    const answer = await talk.final()
    expect(answer.text).toBe('first second')
    await talk.unread(answer)
  })

  discarding(on)
  afterChecks(on)
  byHand(on)
}

function discarding(on: Stage): void {
  const ways: Readonly<Record<string, Action>> = {
    'resume() with nobody listening, then the answer': ({ content }) => {
      content.resume()
      return { status: 403, body: 'no' }
    },
    'resume() with nobody listening, the answer later': async ({ content }) => {
      content.resume()
      for (let step = 0; step < 5; step += 1) await turn()
      return { status: 403, body: 'no' }
    },
    'resume() and the answer at the end of the content': ({ content }) => {
      const ended = new Promise((resolve) => content.once('end', resolve))
      content.resume()
      return ended.then(() => ({ status: 403, body: 'no' }))
    },
    'asynchronous work, then an error': async () => {
      await turn()
      throw new Refusal(403)
    },
  }
  for (const [shown, save] of Object.entries(ways)) {
    test(`law 2, R16 MUST (RFC 9110 10.1.1): ${shown}: at once, without a 100`, async () => {
      const running = await on.run({ gate: {}, save })
      const talk = await running.ask(asking({ length: 100_000_000 }))
      const answer = await talk.final()
      expect(answer.status).toBe(403)
      await talk.unread(answer)
    })
  }
}

function afterChecks(on: Stage): void {
  const gate: ExpectationOptions = { continueTiming: 'after-checks' }

  test("R17 MUST NOT (RFC 9110 10.1.1): 'after-checks': the 100 comes before anything reads, and only once", async () => {
    const go = latch()
    const running = await on.run({ gate, save: waiting(go.opened) })
    const talk = await running.ask(asking())
    await talk.continue()
    await talk.quiet(30)
    go.open()
    const answer = await talk.send('12345', 'last').final()
    expect(answer.json()).toEqual({ content: '12345' })
    await talk.kept(answer)
  })

  test("R16 MUST (RFC 9110 10.1.1): 'after-checks': it waits for them, and a refusal comes without it", async () => {
    const checked = latch()
    const checks = [() => checked.opened.then(() => new Refusal(403))]
    const running = await on.run({ gate: { ...gate, checks, checkTimeoutMs: 5000 }, save: echo })
    const talk = await running.ask(asking())
    await talk.quiet(40)
    checked.open()
    await refused(talk, 403, 'forbidden')
  })

  test("law 4: 'after-checks': an answer after the 100 with the content unread still closes", async () => {
    const running = await on.run({ gate, save: answers(403) })
    const talk = await running.ask(asking({ length: 1_000_000 }))
    await talk.continue()
    const answer = await talk.final()
    expect(answer.status).toBe(403)
    await talk.unread(answer)
  })

  test("R18 definition (RFC 9110 15.2.1): 'after-checks': no Expect, no 100", async () => {
    const running = await on.run({ gate, save: echo })
    const talk = await running.ask({ length: 5 })
    await talk.quiet(30)
    expect((await talk.send('12345', 'last').final()).json()).toEqual({ content: '12345' })
  })
}

function byHand(on: Stage): void {
  test('R14 MUST (RFC 9110 10.1.1): writeContinue() by hand three times, before and after a read: one 100', async () => {
    const save: Action = async ({ content, response }) => {
      response.writeContinue()
      response.writeContinue()
      const all = contentOf(content)
      await turn()
      response.writeContinue()
      return { body: JSON.stringify({ content: await all }) }
    }
    const running = await on.run({ gate: {}, save })
    const talk = await running.ask(asking())
    await talk.continue()
    await talk.quiet(30)
    const answer = await talk.send('12345', 'last').final()
    expect(answer.json()).toEqual({ content: '12345' })
  })

  test('law 2: writeContinue() by hand after the final head: nothing, on every line of Node', async () => {
    const save: Action = ({ response }) => {
      response.writeHead(403, { 'Content-Length': 4 })
      response.write('no')
      response.writeContinue()
      response.end('!!')
      return undefined
    }
    const running = await on.run({ gate: {}, save })
    const talk = await running.ask(asking())
    const answer = await talk.final()
    expect(answer.text).toBe('no!!')
    await talk.unread(answer)
  })
}
