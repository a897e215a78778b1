// Where gates stand: for everything, on one route, under a prefix. Every gate that a request passes
// must agree; what no gate stands before is only delivered, not decided.
import { Refusal } from '@expectation/core'
import { echo } from './actions.js'
import { accepted, refused } from './expectations.js'
import type { Stage } from './stage.js'
import { asking } from './talk.js'

export function places(on: Stage): void {
  if (on.same('a gate on a route')) onRoute(on)
  if (on.same('a gate under a prefix')) underPrefix(on)
  if (on.same('a gate on a route') && on.same('gates narrow')) narrowing(on)
}

function onRoute(on: Stage): void {
  test('docs/several-gates.md: a gate on a route rules that route', async () => {
    const running = await on.run({ gate: {}, narrow: { maxContentLength: 4 }, save: echo })
    await refused(await running.ask(asking({ target: '/narrow/a' })), 413, 'content_too_large')
    await accepted(await running.ask(asking({ target: '/narrow/a', length: 4 })), '1234')
    await accepted(await running.ask(asking({ target: '/files/a' })))
  })
}

function underPrefix(on: Stage): void {
  test('docs/several-gates.md: a gate under a prefix rules what is there, and nothing else', async () => {
    const running = await on.run({ nested: { maxContentLength: 4 }, save: echo })
    await refused(await running.ask(asking({ target: '/nested/a' })), 413, 'content_too_large')
    await accepted(await running.ask(asking({ target: '/nested/a', length: 4 })), '1234')
    await accepted(await running.ask(asking({ target: '/files/a' })))
    const loose = await running.ask({ target: '/files/a', expect: 'something-else', length: 5 })
    const answer = await loose.send('12345', 'last').final()
    expect(answer.json()).toEqual({ content: '12345' })
  })

  test('docs/several-gates.md: the target that a check sees is the whole one', async () => {
    const seen: string[] = []
    const running = await on.run({
      nested: { checks: [(head) => void seen.push(head.target)] },
      save: echo,
    })
    await accepted(await running.ask(asking({ target: '/nested/a?b=c' })))
    expect(seen).toEqual(['/nested/a?b=c'])
  })
}

function narrowing(on: Stage): void {
  const options = { gate: { maxContentLength: 100 }, save: echo }
  const inner = { maxContentLength: 1000, acceptedTypes: ['video/*'] }
  const cases = [
    { shown: 'the outer limit', length: 500, type: 'video/mp4', status: 413 },
    { shown: 'the inner limit', length: 2000, type: 'video/mp4', status: 413, outer: '1gb' },
    { shown: 'the inner type', length: 50, type: 'text/plain', status: 415 },
  ]
  for (const { shown, status, outer = 100, ...request } of cases) {
    test(`docs/several-gates.md: gates narrow: ${shown} holds`, async () => {
      const running = await on.run({ gate: { maxContentLength: outer }, narrow: inner, save: echo })
      const talk = await running.ask(asking({ target: '/narrow/a', ...request }))
      const reason = status === 413 ? 'content_too_large' : 'unsupported_media_type'
      await refused(talk, status, reason)
    })
  }

  test('docs/several-gates.md: gates narrow: what both agree to passes with one 100', async () => {
    const running = await on.run({ ...options, narrow: inner })
    const talk = await running.ask(asking({ target: '/narrow/a', type: 'video/mp4' }))
    await accepted(talk)
  })

  test('docs/several-gates.md: an unknown expectation is refused by one gate although another ignores it', async () => {
    const running = await on.run({
      gate: { unknownExpectation: 'ignore' },
      narrow: {},
      save: echo,
    })
    const talk = await running.ask({ target: '/narrow/a', expect: 'something-else', length: 5 })
    await refused(talk, 417, 'unsupported_expectation')
  })

  test("docs/several-gates.md: 'after-checks' of the outer gate does not hide the inner one's refusal", async () => {
    const running = await on.run({
      gate: {},
      narrow: { continueTiming: 'after-checks', maxContentLength: 4 },
      save: echo,
    })
    await refused(await running.ask(asking({ target: '/narrow/a' })), 413, 'content_too_large')
  })

  test('docs/several-gates.md: checks of the inner gate are asked after the outer one has run out of time', async () => {
    const slow = () => new Promise<undefined>(() => undefined)
    const running = await on.run({
      gate: { checks: [slow], checkTimeoutMs: 20, onCheckTimeout: 'continue' },
      narrow: { checks: [() => new Refusal(403)] },
      save: echo,
    })
    await refused(await running.ask(asking({ target: '/narrow/a' })), 403, 'forbidden')
  })
}
