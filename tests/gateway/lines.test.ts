// The gateway on the other supported lines of Node, HTTP/2 on both sides, where they differ most: on some
// of them a stream that both sides give up, with trailers to come, aborts the process (nodejs/node#41458).
import { run } from '@expectation/conformance'
import { routes } from '../conformance/routes.js'
import { startHarness } from '../conformance/start-harness.js'
import { afterThisTest } from '../support/cleanup.js'
import { otherLines } from '../support/node-lines.js'
import { testWhen } from '../support/skip.js'

jest.setTimeout(240_000)

for (const { line, node, available, missing } of otherLines) {
  testWhen(available, missing)(`Node ${line} gives streams up, and passes HTTP/2`, async () => {
    const started = async (name: string, env: Readonly<Record<string, string>>) => {
      const harness = await startHarness(name, { node, env })
      afterThisTest(() => harness.stop())
      return harness
    }
    const upstream = await started('node-attached-http2', {})
    const env = { UPSTREAM: upstream.url, ASK: 'always', PROTOCOL: '2', UPSTREAM_PROTOCOL: '2' }
    const front = await started('gateway', env)
    const { results } = await run({ url: front.url, routes, http1: false, http2: true })
    const counts = results.filter(({ level, verdict }) => level !== 'MAY' && verdict !== 'not run')
    expect(counts.length).toBeGreaterThanOrEqual(15)
    expect(counts.filter(({ verdict }) => verdict === 'fail')).toEqual([])
  })
}
