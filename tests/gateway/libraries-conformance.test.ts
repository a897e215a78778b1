// The conformance suite through proxy libraries with `askFirst` or `dispatcher` before them, in front of
// the gated Express. Two stand for all; EXPECTATION_LONG=1 runs every one.
import { run } from '@expectation/conformance'
import { routes } from '../conformance/routes.js'
import { startHarness } from '../conformance/start-harness.js'
import { afterThisTest } from '../support/cleanup.js'
import { LIBRARIES, type Library, startLibrary } from './support/library-proxy.js'

jest.setTimeout(60_000)

const all = Object.keys(LIBRARIES) as Library[]
const chosen: readonly Library[] =
  process.env.EXPECTATION_LONG === undefined ? ['http-proxy-3', 'http-proxy-middleware 4'] : all

for (const library of chosen) {
  test(`${library} passes every MUST`, async () => {
    const upstream = await startHarness('express-gated')
    afterThisTest(() => upstream.stop())
    const proxy = await startLibrary(library, Number(new URL(upstream.url).port))
    const { results } = await run({ url: `http://127.0.0.1:${proxy.port}`, routes })
    const failed = results.filter(({ verdict, level }) => verdict === 'fail' && level !== 'MAY')
    if (process.env.EXPECTATION_LONG !== undefined) {
      const counts: Record<string, number> = {}
      for (const { level, verdict } of results) {
        counts[`${level} ${verdict}`] = (counts[`${level} ${verdict}`] ?? 0) + 1
      }
      process.stderr.write(
        `${library}: ${JSON.stringify(counts)}\n${failed.map(({ id, level, reason }) => `  ${level} ${id}: ${reason}`).join('\n')}\n`,
      )
    }
    expect(failed.filter(({ level }) => level === 'MUST').map(({ id }) => id)).toEqual([])
  })
}
