// Every MUST, SHOULD and hardening case of the reference suite, for every adapter and for attach on
// bare Node, on every supported line of Node.
import { run } from '@expectation/conformance'
import { otherLines } from '../support/node-lines.js'
import { testWhen } from '../support/skip.js'
import { harnesses } from './adapters.js'
import { routes } from './routes.js'
import { type HarnessOptions, startHarness } from './start-harness.js'

jest.setTimeout(60_000)

async function passes(name: string, options?: HarnessOptions): Promise<void> {
  const harness = await startHarness(name, options)
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
}

for (const name of harnesses) {
  test(`${name} passes every case that counts`, () => passes(name))
  for (const { line, node, available, missing } of otherLines) {
    const lineTest = testWhen(available, missing)
    lineTest(`${name} passes every case that counts on Node ${line}`, () => passes(name, { node }))
  }
}
