// The same suite over TLS, and the HTTP/2 cases, for attach on bare Node.
import { type Result, run } from '@expectation/conformance'
import { certificate } from '../support/certificate.js'
import { known } from './adapters.js'
import { routes } from './routes.js'
import { startHarness } from './start-harness.js'

const countingFailures = (results: readonly Result[]): readonly string[] =>
  results
    .filter(({ verdict, level, id }) => verdict === 'fail' && level !== 'MAY' && !(id in known))
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
