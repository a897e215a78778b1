// Every MUST, SHOULD and hardening case of the reference suite, for every adapter and for attach on
// bare Node.
import { run } from '@expectation/conformance'
import { harnesses } from './adapters.js'
import { routes } from './routes.js'
import { startHarness } from './start-harness.js'

for (const name of harnesses) {
  test(`${name} passes every case that counts`, async () => {
    const harness = await startHarness(name)
    try {
      const { results } = await run({ url: harness.url, routes })
      const failed = results.filter(({ verdict, level }) => verdict === 'fail' && level !== 'MAY')
      expect(failed.map(({ id, reason }) => `${id}: ${reason}`)).toEqual([])
      const notRun = results.filter(({ verdict }) => verdict === 'not run').map(({ id }) => id)
      // It needs an `upgrade` listener, which takes every other upgrade too: other-transports.test.ts.
      expect(notRun).toEqual(['methods/upgrade-after-continue'])
    } finally {
      await harness.stop()
    }
  }, 60_000)
}
