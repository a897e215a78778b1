// What admission does, as Prometheus and OpenTelemetry count it.

import { admission } from '@expectation/admission'
import { prometheus } from '@expectation/metrics'
import { Registry } from 'prom-client'
import { ask, giveBack, granted } from '../admission/support/asking.js'
import { afterThisTest } from '../support/cleanup.js'

test('levels follow what is held, and refusals have their reason', async () => {
  const register = new Registry()
  const counting = prometheus(register)
  afterThisTest(() => counting.stop())
  const uploads = admission({ slots: 1 })
  const grant = await granted(uploads, 500)
  await ask(uploads, 1)
  const text = await register.metrics()
  expect(text).toContain('expectation_admission_granted_total{pool="memory"} 1')
  expect(text).toContain(
    'expectation_admission_refused_total{pool="memory",reason="uploads_at_capacity"} 1',
  )
  expect(text).toContain('expectation_admission_held_slots{pool="memory"} 1')
  expect(text).toContain('expectation_admission_held_bytes{pool="memory"} 500')
  giveBack(grant)
  const after = await register.metrics()
  expect(after).toContain('expectation_admission_held_slots{pool="memory"} 0')
  expect(after).toContain('expectation_admission_held_bytes{pool="memory"} 0')
  expect(after).toContain('expectation_admission_hold_seconds_count{pool="memory"} 1')
})
