// The same suite over TLS, the HTTP/2 cases, and the one case that needs an `upgrade` listener, for
// attach on bare Node.
import { type Result, readRoutes, run } from '@expectation/conformance'
import { certificate } from '../support/certificate.js'
import { routes } from './routes.js'
import { startHarness } from './start-harness.js'

const countingFailures = (results: readonly Result[]): readonly string[] =>
  results
    .filter(({ verdict, level }) => verdict === 'fail' && level !== 'MAY')
    .map(({ id, reason }) => `${id}: ${reason}`)

test('attach on HTTPS passes every case that counts', async () => {
  const env = { TLS_KEY: certificate.key, TLS_CERT: certificate.cert }
  const harness = await startHarness('node-attached-https', { env })
  try {
    const { results } = await run({ url: harness.url, routes })
    expect(results.filter(({ verdict }) => verdict === 'pass').length).toBeGreaterThan(200)
    expect(countingFailures(results)).toEqual([])
  } finally {
    await harness.stop()
  }
}, 60_000)

test('attach on HTTP/2 passes every HTTP/2 case that counts', async () => {
  const harness = await startHarness('node-attached-http2')
  try {
    const { results } = await run({ url: harness.url, routes, http1: false, http2: true })
    expect(results.length).toBeGreaterThanOrEqual(15)
    expect(countingFailures(results)).toEqual([])
  } finally {
    await harness.stop()
  }
}, 60_000)

test('attach sends the 100 before a 101', async () => {
  const harness = await startHarness('node-attached-upgrade')
  try {
    const { results } = await run({
      url: harness.url,
      routes: { ...routes, ...readRoutes({ upgrade: 'POST /upgrade' }) },
      only: ['methods/upgrade-after-continue'],
    })
    expect(results.map(({ id, verdict }) => [id, verdict])).toEqual([
      ['methods/upgrade-after-continue', 'pass'],
    ])
  } finally {
    await harness.stop()
  }
}, 60_000)
