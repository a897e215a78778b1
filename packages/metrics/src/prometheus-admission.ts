// What @expectation/admission grants and holds, in Prometheus's words.

import type { AdmissionEvent } from '@expectation/core'
import type { Counter, Gauge, Histogram } from 'prom-client'
import { type AdmissionLabels, AdmissionLevels } from './admission-facts.js'

interface Makers {
  counter<Label extends string>(name: string, help: string, labels: Label[]): Counter<Label>
  gauge<Label extends string>(name: string, help: string, labels: Label[]): Gauge<Label>
  histogram<Label extends string>(name: string, help: string, labels: Label[]): Histogram<Label>
}

export function createAdmissionMetrics({ counter, gauge, histogram }: Makers) {
  const name = (last: string) => `expectation_admission_${last}`
  return {
    granted: counter(name('granted_total'), 'Uploads that were let in.', ['pool']),
    refused: counter(name('refused_total'), 'Uploads that were refused, and content midway.', [
      'pool',
      'reason',
    ]),
    heldSlots: gauge(name('held_slots'), 'Uploads that this process has let in.', ['pool']),
    heldBytes: gauge(name('held_bytes'), 'Content bytes that they hold.', ['pool']),
    waiting: gauge(name('waiting'), 'Uploads that wait for room.', ['pool']),
    wait: histogram(name('wait_seconds'), 'How long uploads waited that were let in.', ['pool']),
    hold: histogram(name('hold_seconds'), 'How long uploads held their slot.', ['pool']),
    storeUp: gauge(name('store_up'), 'Whether the store can be asked.', ['pool']),
    store: histogram(name('store_seconds'), 'How long the store took to answer.', ['pool']),
    storeFailures: counter(name('store_failures_total'), 'Questions that it did not answer.', [
      'pool',
    ]),
    restored: counter(name('restored_total'), 'Claims that the store had lost, told anew.', [
      'pool',
      'lost',
    ]),
    drift: counter(name('drift_total'), 'Counters of the store that were wrong.', ['pool']),
  }
}

export function admissionRecorder(metrics: ReturnType<typeof createAdmissionMetrics>) {
  const levels = new AdmissionLevels()
  return (event: AdmissionEvent, labels: AdmissionLabels): void => {
    const pool = { pool: labels.pool }
    const change = levels.change(labels.pool, event)
    metrics.heldSlots.inc(pool, change.slots)
    metrics.heldBytes.inc(pool, change.bytes)
    metrics.waiting.inc(pool, change.waiting)
    if (change.storeUp !== undefined) metrics.storeUp.inc(pool, change.storeUp)
    switch (event.kind) {
      case 'granted':
        metrics.granted.inc(pool)
        metrics.wait.observe(pool, event.waitMs / 1000)
        break
      case 'refused':
        metrics.refused.inc({ ...pool, reason: labels.reasonOf(event.reason) })
        break
      case 'released':
        metrics.hold.observe(pool, event.heldMs / 1000)
        break
      case 'asked':
        metrics.store.observe(pool, event.tookMs / 1000)
        if (event.failed) metrics.storeFailures.inc(pool)
        break
      case 'restored':
        metrics.restored.inc({ ...pool, lost: event.lost }, event.claims)
        break
      case 'drift':
        metrics.drift.inc(pool, event.counters)
        break
      case 'waiting':
      case 'extended':
      case 'left':
      case 'store':
      case 'closed':
        break
    }
  }
}
