// What the SDK exported, read into a ledger.

import type { DataPoint, Histogram, MetricData } from '@opentelemetry/sdk-metrics'
import { add, entry, type Ledger } from './ledger.js'

const ENTRIES: Readonly<Record<string, readonly [string, ...string[]]>> = {
  'expectation.decisions': [
    'decisions',
    'expectation.decision',
    'http.request.method',
    'http.route',
    'http.response.status_code',
    'expectation.reason',
  ],
  'expectation.decision.duration': ['decision times', 'expectation.decision'],
  'expectation.content.declared': ['declared', 'expectation.decision'],
  'expectation.content.received': ['received', 'expectation.decision'],
  'expectation.content.avoided': ['avoided', 'expectation.decision'],
  'expectation.content.discarded': ['discarded'],
  'expectation.connection.ends': [
    'connection',
    'expectation.connection.end',
    'expectation.client.gone',
  ],
  'expectation.lingers': ['linger', 'expectation.linger.end'],
  'expectation.unknown_expectations': ['unknown', 'expectation.kind'],
  'expectation.continuations': [
    'continuation',
    'expectation.continue.sent',
    'expectation.client.waited',
  ],
  'expectation.continue.wait': ['continue times'],
  'expectation.decision.pending': ['pending'],
  'expectation.linger.active': ['active lingers'],
  'expectation.requests_after_refusal': ['requests after a refusal'],
  'expectation.client_errors': ['client errors', 'http.response.status_code', 'error.type'],
}

export function telemetryLedger(metrics: readonly MetricData[]): Ledger {
  const ledger: Ledger = new Map()
  for (const { descriptor, dataPoints } of metrics) {
    const known = ENTRIES[descriptor.name]
    if (known === undefined) throw new Error(`An unexpected metric: ${descriptor.name}`)
    const [title, ...names] = known
    for (const point of dataPoints) {
      add(ledger, entry(title, ...names.map((name) => point.attributes[name])), countOf(point))
    }
  }
  return ledger
}

function countOf({ value }: DataPoint<number> | DataPoint<Histogram> | DataPoint<unknown>): number {
  if (typeof value === 'number') return value
  if (typeof value === 'object' && value !== null && 'count' in value) return Number(value.count)
  throw new Error('A data point that is neither a sum nor a histogram')
}
