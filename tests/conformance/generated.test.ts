// Generated exchanges against every adapter: no counterexample. The seed is fixed, so that a failure
// here is one that everybody sees; the long mode is the command's --generate.
import { generate } from '@expectation/conformance'
import { harnesses } from './adapters.js'
import { routes } from './routes.js'
import { startHarness } from './start-harness.js'

const EXCHANGES = 500
const SEED = 20261122

for (const name of harnesses) {
  test(`${name}: ${EXCHANGES} generated connections, nothing found`, async () => {
    const harness = await startHarness(name)
    try {
      const { found, exchanges } = await generate({
        url: harness.url,
        routes,
        exchanges: EXCHANGES,
        seed: SEED,
      })
      expect(found).toBeUndefined()
      expect(exchanges).toBeGreaterThanOrEqual(EXCHANGES)
    } finally {
      await harness.stop()
    }
  }, 60_000)
}

test('the generator finds the loose matching of plain Node, and shrinks it', async () => {
  const harness = await startHarness('node')
  try {
    const { found } = await generate({ url: harness.url, routes, exchanges: 200, seed: SEED })
    expect(found?.reason).toMatch(/a 100 that request \d does not allow/)
    expect(found?.plan.requests.length).toBeLessThanOrEqual(2)
  } finally {
    await harness.stop()
  }
}, 60_000)
