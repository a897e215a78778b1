// Counters agree with the wire: a scripted run of a thousand mixed exchanges over real sockets gives
// exactly the expected counts and bytes, on every adapter and in both systems at once.

import { openTelemetry, prometheus, type Stoppable } from '@expectation/metrics'
import { Registry } from 'prom-client'
import { forbidStrayErrors } from '../support/stray-errors.js'
import { runScript, script } from './support/exchanges.js'
import { expectedOf, type Ledger, shown } from './support/ledger.js'
import type { Adapter } from './support/places.js'
import { prometheusLedger } from './support/prometheus-ledger.js'
import { expectedSpans, spanLedger } from './support/span-ledger.js'
import { startTelemetry } from './support/telemetry.js'
import { telemetryLedger } from './support/telemetry-ledger.js'

forbidStrayErrors()

const telemetry = startTelemetry()
const stoppables: Stoppable[] = []
afterEach(() => {
  for (const each of stoppables.splice(0)) each.stop()
})

test('the script has a thousand exchanges', () => {
  expect(script()).toHaveLength(1_000)
})

test.each<Adapter>(['express', 'koa', 'fastify'])(
  'a thousand exchanges with %s: /metrics, the SDK and its spans tell exactly what happened',
  async (adapter) => {
    const register = new Registry()
    // The SDK cannot forget; what earlier adapters left is taken off.
    const before = telemetryLedger(await telemetry.metrics())
    stoppables.push(prometheus(register), openTelemetry())
    telemetry.spans.reset()
    await runScript(adapter)
    const spans = telemetry.spans.getFinishedSpans()
    const expected = shown(expectedOf(adapter))
    expect(shown(await prometheusLedger(register))).toEqual(expected)
    expect(shown(since(before, telemetryLedger(await telemetry.metrics())))).toEqual(expected)
    expect(shown(spanLedger(spans))).toEqual(shown(expectedSpans(adapter)))
  },
  60_000,
)

function since(before: Ledger, after: Ledger): Ledger {
  const added = [...after].map(([key, sum]) => [key, sum - (before.get(key) ?? 0)] as const)
  return new Map(added.filter(([, sum]) => sum !== 0))
}
