// Every MUST, SHOULD and hardening case of the reference suite, for every adapter and for attach on
// bare Node.
import { run } from '@expectation/conformance'
import { harnesses, known } from './adapters.js'
import { routes } from './routes.js'
import { startHarness } from './start-harness.js'

for (const name of harnesses) {
  test(`${name} passes every case that counts`, async () => {
    const harness = await startHarness(name)
    try {
      const { results } = await run({ url: harness.url, routes })
      const failed = results.filter(({ verdict, level }) => verdict === 'fail' && level !== 'MAY')
      const unknown = failed.filter(({ id }) => !(id in known))
      expect(unknown.map(({ id, reason }) => `${id}: ${reason}`)).toEqual([])
      const notRun = results.filter(({ verdict }) => verdict === 'not run').map(({ id }) => id)
      // Upgrades belong to the server; no adapter has a route for them.
      expect(notRun).toEqual(['methods/upgrade-after-continue'])
    } finally {
      await harness.stop()
    }
  }, 60_000)
}

test('every known difference is still one, for somebody', async () => {
  const harness = await startHarness('node-attached')
  try {
    const { results } = await run({ url: harness.url, routes, only: Object.keys(known) })
    const passed = results.filter(({ verdict }) => verdict === 'pass').map(({ id }) => id)
    expect(passed).toEqual([])
  } finally {
    await harness.stop()
  }
}, 60_000)
