// What @expectation/admission grants and holds, as instruments of OpenTelemetry.

import type { AdmissionEvent } from '@expectation/core'
import type { Meter } from '@opentelemetry/api'
import { type AdmissionLabels, AdmissionLevels, type LevelChange } from './admission-facts.js'
import { WAIT_BOUNDS_SECONDS } from './recorder.js'

export function createAdmissionInstruments(meter: Meter) {
  const name = (last: string) => `expectation.admission.${last}`
  const counter = (last: string, unit: string, description: string) =>
    meter.createCounter(name(last), { unit, description })
  const gauge = (last: string, unit: string, description: string) =>
    meter.createUpDownCounter(name(last), { unit, description })
  const histogram = (last: string, description: string) =>
    meter.createHistogram(name(last), {
      unit: 's',
      description,
      advice: { explicitBucketBoundaries: [...WAIT_BOUNDS_SECONDS] },
    })
  return {
    granted: counter('granted', '{upload}', 'Uploads that were let in.'),
    refused: counter('refused', '{upload}', 'Uploads that were refused, and content midway.'),
    heldSlots: gauge('held.slots', '{upload}', 'Uploads that this process has let in.'),
    heldBytes: gauge('held.bytes', 'By', 'Content bytes that they hold.'),
    waiting: gauge('waiting', '{upload}', 'Uploads that wait for room.'),
    wait: histogram('wait.duration', 'How long uploads waited that were let in.'),
    hold: histogram('hold.duration', 'How long uploads held their slot.'),
    storeUp: gauge('store.up', '{store}', 'Whether the store can be asked.'),
    store: histogram('store.duration', 'How long the store took to answer.'),
    storeFailures: counter('store.failures', '{question}', 'Questions that it did not answer.'),
    restored: counter('restored', '{claim}', 'Claims that the store had lost, told anew.'),
    drift: counter('drift', '{counter}', 'Counters of the store that were wrong.'),
  }
}

type Instruments = ReturnType<typeof createAdmissionInstruments>

function tellChange(instruments: Instruments, pool: string, change: LevelChange): void {
  const of = { 'expectation.pool': pool }
  instruments.heldSlots.add(change.slots, of)
  instruments.heldBytes.add(change.bytes, of)
  instruments.waiting.add(change.waiting, of)
  if (change.storeUp !== undefined) instruments.storeUp.add(change.storeUp, of)
}

export function admissionTeller(instruments: Instruments) {
  const levels = new AdmissionLevels()

  function stopped(): void {
    for (const [pool, change] of levels.end()) tellChange(instruments, pool, change)
  }

  function admission(event: AdmissionEvent, labels: AdmissionLabels): void {
    const of = { 'expectation.pool': labels.pool }
    tellChange(instruments, labels.pool, levels.change(labels.pool, event))
    switch (event.kind) {
      case 'granted':
        instruments.granted.add(1, of)
        instruments.wait.record(event.waitMs / 1000, of)
        break
      case 'refused':
        instruments.refused.add(1, { ...of, 'expectation.reason': labels.reasonOf(event.reason) })
        break
      case 'released':
        instruments.hold.record(event.heldMs / 1000, of)
        break
      case 'asked':
        instruments.store.record(event.tookMs / 1000, of)
        if (event.failed) instruments.storeFailures.add(1, of)
        break
      case 'restored':
        instruments.restored.add(event.claims, { ...of, 'expectation.lost': event.lost })
        break
      case 'drift':
        instruments.drift.add(event.counters, of)
        break
      case 'waiting':
      case 'extended':
      case 'left':
      case 'store':
      case 'closed':
        break
    }
  }

  return { admission, stopped }
}
