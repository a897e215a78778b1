// The whole conformance suite, against each gated adapter behind the gateway: what holds for a server
// holds for it through the gateway, too.
import { type Result, run } from '@expectation/conformance'
import { routes } from '../conformance/routes.js'
import { type Harness, startHarness } from '../conformance/start-harness.js'
import { afterThisTest } from '../support/cleanup.js'

jest.setTimeout(240_000)

async function started(name: string, env: Readonly<Record<string, string>>): Promise<Harness> {
  const harness = await startHarness(name, { env })
  afterThisTest(() => harness.stop())
  return harness
}

const counted = (results: readonly Result[], verdict: Result['verdict']): readonly string[] =>
  results
    .filter((result) => result.verdict === verdict && result.level !== 'MAY')
    .map(({ id, reason }) => `${id}: ${reason}`)

for (const [adapter, ask] of [
  ['express', 'large'],
  ['koa', 'always'],
  ['fastify', 'large'],
] as const) {
  test(`${adapter} behind the gateway, which asks ${ask}, passes every case that counts`, async () => {
    const upstream = await started(`${adapter}-gated`, {})
    const front = await started('gateway', { UPSTREAM: upstream.url, ASK: ask })
    const { results } = await run({ url: front.url, routes })
    expect(results.filter(({ verdict }) => verdict === 'pass').length).toBeGreaterThan(240)
    expect(counted(results, 'fail')).toEqual([])
  })
}

test('an HTTP/2 client of an HTTP/1 upstream gets every HTTP/2 case that counts', async () => {
  const upstream = await started('express-gated', {})
  const front = await started('gateway', { UPSTREAM: upstream.url, ASK: 'always', PROTOCOL: '2' })
  const { results } = await run({ url: front.url, routes, http1: false, http2: true })
  expect(results.filter(({ verdict }) => verdict === 'pass').length).toBeGreaterThanOrEqual(15)
  expect(counted(results, 'fail')).toEqual([])
})

test('an HTTP/2 client of an HTTP/2 upstream gets every HTTP/2 case that counts', async () => {
  const upstream = await started('node-attached-http2', {})
  const env = { UPSTREAM: upstream.url, ASK: 'always', PROTOCOL: '2', UPSTREAM_PROTOCOL: '2' }
  const front = await started('gateway', env)
  const { results } = await run({ url: front.url, routes, http1: false, http2: true })
  expect(counted(results, 'fail')).toEqual([])
})

test('an HTTP/1 client of an HTTP/2 upstream gets every case that counts', async () => {
  const upstream = await started('node-attached-http2', {})
  const env = { UPSTREAM: upstream.url, ASK: 'always', UPSTREAM_PROTOCOL: '2' }
  const front = await started('gateway', env)
  const { results } = await run({ url: front.url, routes })
  expect(counted(results, 'fail')).toEqual([])
})
