// Checks: asked of the head, in order, in bounded time; a "no" costs no content (laws 1, 5, 9).
import type { ServerResponse } from 'node:http'
import net, { type AddressInfo } from 'node:net'
import type { ExpectationOptions } from '@expectation/core'
import { Refusal } from '@expectation/core'
import { afterThisTest } from '../../support/cleanup.js'
import { latch, within } from '../../support/server.js'
import { standStill } from '../../support/stand-still.js'
import { counted, echo } from './actions.js'
import { accepted, normalized, refused } from './expectations.js'
import type { Stage } from './stage.js'
import { asking } from './talk.js'

type Check = NonNullable<ExpectationOptions['checks']>[number]

const never = (): Promise<void> => new Promise(() => undefined)

export function checks(on: Stage): void {
  const run = async (gate: ExpectationOptions) => {
    const save = counted()
    return { calls: save.calls, running: await on.run({ gate, save: save.action }) }
  }

  test('R16 MUST (RFC 9110 10.1.1): an asynchronous yes lets the 100 follow', async () => {
    const go = latch()
    const { running, calls } = await run({ checks: [() => go.opened], checkTimeoutMs: 5000 })
    const talk = await running.ask(asking())
    await talk.quiet(40)
    expect(calls()).toBe(0)
    go.open()
    await accepted(talk)
  })

  test('R8 MAY (RFC 9110 10.1.1): content that comes during an asynchronous check is not lost', async () => {
    const go = latch()
    const { running } = await run({ checks: [() => go.opened], checkTimeoutMs: 5000 })
    const talk = await running.ask({ length: 5 })
    talk.send('12')
    await talk.quiet(30)
    talk.send('345', 'last')
    go.open()
    expect((await talk.final()).json()).toEqual({ content: '12345' })
  })

  test('checks run one after the other, in order, and the first refusal wins', async () => {
    const order: string[] = []
    const asked: Check[] = [
      async () => {
        order.push('first begins')
        await new Promise((resolve) => setImmediate(resolve))
        order.push('first ends')
      },
      () => {
        order.push('second')
        return new Refusal(429, { reason: 'quota_exhausted', headers: { 'Retry-After': '30' } })
      },
      () => {
        order.push('third')
        return new Refusal(403)
      },
    ]
    const { running, calls } = await run({ checks: asked })
    const answer = await refused(await running.ask(asking()), 429, 'quota_exhausted')
    expect(answer.field('retry-after')).toBe('30')
    expect(order).toEqual(['first begins', 'first ends', 'second'])
    expect(calls()).toBe(0)
  })

  test('the head and the request are given to a check, whose fields have lower-case names', async () => {
    const seen: unknown[] = []
    const look: Check = (head, { request, signal }) => {
      seen.push(head.method, head.target, head.version, head.headers['x-token'], signal.aborted)
      seen.push((request as { readonly url?: string }).url)
    }
    const { running } = await run({ checks: [look] })
    const talk = await running.ask(asking({ fields: { 'X-Token': 't' } }))
    await accepted(talk)
    expect(seen).toEqual(['PUT', '/files/a', on.http2 ? '2.0' : '1.1', 't', false, '/files/a'])
  })

  test('a thrown Refusal is a refusal', async () => {
    const refuse: Check = () => {
      throw new Refusal(403, { reason: 'not_yours', message: 'Not yours', details: { owner: 'b' } })
    }
    const { running } = await run({ checks: [refuse] })
    const answer = await refused(await running.ask(asking()), 403, 'not_yours')
    expect(answer.json()).toEqual({
      error: { code: 403, reason: 'not_yours', message: 'Not yours', details: { owner: 'b' } },
    })
  })

  test('rules come before checks: a check is not asked about what is refused anyway', async () => {
    const asked: string[] = []
    const gate = { maxContentLength: 4, checks: [() => void asked.push('check')] }
    const { running } = await run(gate)
    await refused(await running.ask(asking()), 413, 'content_too_large')
    expect(asked).toEqual([])
  })

  for (const line of ['100-continue', []]) {
    const asked = line.length === 0 ? 'without Expect' : 'with Expect'
    test(`R22 SHOULD (RFC 9110 15.6.4): the deadline, ${asked}: 503 check_timed_out with Retry-After`, async () => {
      const { running, calls } = await run({ checks: [never], checkTimeoutMs: 30 })
      const talk = await running.ask({ expect: line, length: 100_000_000 })
      const answer = await refused(talk, 503, 'check_timed_out')
      expect(answer.field('retry-after')).toMatch(/^\d+$/)
      expect(calls()).toBe(0)
    })
  }

  test('the deadline is one for all checks together', async () => {
    const slow = (): Promise<void> => new Promise((resolve) => setTimeout(resolve, 60))
    const { running } = await run({
      checks: Array.from({ length: 20 }, () => slow),
      checkTimeoutMs: 100,
    })
    await refused(await running.ask(asking()), 503, 'check_timed_out')
  })

  test('the deadline: an answer that came while the process stood still is in time', async () => {
    const store = net.createServer((socket) => {
      socket.on('error', () => undefined)
      socket.once('data', () => {
        socket.end('yes')
        standStill(200)
      })
    })
    await new Promise<void>((resolve) => store.listen(0, '127.0.0.1', resolve))
    afterThisTest(() => void store.close())
    const asksStore: Check = () =>
      new Promise((resolve) => {
        const socket = net.connect((store.address() as AddressInfo).port, '127.0.0.1')
        socket.once('data', () => resolve(undefined)).write('?')
      })
    const { running } = await run({ checks: [asksStore], checkTimeoutMs: 150 })
    await accepted(await running.ask(asking()))
  })

  test('the deadline: the signal aborts when time is up', async () => {
    const aborted = latch<unknown>()
    const wait: Check = (_head, { signal }) => {
      signal.addEventListener('abort', () => aborted.open(signal.reason))
      return never()
    }
    const { running } = await run({ checks: [wait], checkTimeoutMs: 30 })
    await refused(await running.ask(asking()), 503, 'check_timed_out')
    expect(await within('the signal', aborted.opened)).toMatchObject({ reason: 'check_timed_out' })
  })

  test("the deadline: onCheckTimeout 'continue' lets the upload through", async () => {
    const { running } = await run({
      checks: [never],
      checkTimeoutMs: 30,
      onCheckTimeout: 'continue',
    })
    await accepted(await running.ask(asking()))
  })

  test('the deadline: a late refusal after it writes nothing', async () => {
    const late = latch()
    const refuse = () => late.opened.then(() => new Refusal(403))
    const { running } = await run({ checks: [refuse], checkTimeoutMs: 30 })
    const talk = await running.ask(asking())
    const answer = await talk.final()
    normalized(answer, 503, 'check_timed_out')
    late.open()
    await talk.unread(answer)
  })

  const failures: Record<string, Check> = {
    throws: () => {
      throw new Error('db password is 1234')
    },
    rejects: async () => {
      await Promise.resolve()
      throw new Error('db password is 1234')
    },
  }
  // What frameworks read as "go on", or as "leave the router", when it is handed on as an error.
  for (const thrown of [undefined, null, 0, '', 'route', 'router']) {
    failures[`throws ${JSON.stringify(thrown)}`] = async () => {
      throw thrown
    }
  }
  for (const [how, check] of Object.entries(failures)) {
    test(`law 9: a check that ${how} gives 500 and its message stays inside`, async () => {
      const { running, calls } = await run({ checks: [check] })
      const answer = await refused(await running.ask(asking()), 500, 'internal_error')
      expect(answer.text).not.toContain('password')
      expect(calls()).toBe(0)
    })
  }

  test('the client goes away during a check: the signal aborts, and nothing is dispatched after', async () => {
    const [began, aborted, settle] = [latch(), latch(), latch()]
    const responses: ServerResponse[] = []
    const wait: Check = async (_head, { signal }) => {
      signal.addEventListener('abort', () => aborted.open())
      began.open()
      await settle.opened
    }
    const save = counted(echo)
    const running = await on.run({
      gate: { checks: [wait], checkTimeoutMs: 5000 },
      save: save.action,
      ...(on.same('before the gate') && {
        before: ({ response }) => {
          responses.push(response)
          return undefined
        },
      }),
    })
    const talk = await running.ask(asking())
    await within('the check', began.opened)
    talk.leave()
    await within('the abort', aborted.opened)
    settle.open()
    for (let step = 0; step < 5; step += 1) await new Promise((done) => setImmediate(done))
    expect(save.calls()).toBe(0)
    expect(responses.filter((response) => response.headersSent)).toEqual([])
  })
}
