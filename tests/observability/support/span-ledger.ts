// What the spans of uploads say, read into a ledger.

import { SpanKind } from '@opentelemetry/api'
import type { ReadableSpan } from '@opentelemetry/sdk-trace-node'
import { add, entry, expectedKinds, type Ledger } from './ledger.js'
import type { Adapter } from './places.js'

/** One span for each upload, and one below it for each linger. */
export function spanLedger(spans: readonly ReadableSpan[]): Ledger {
  const ledger: Ledger = new Map()
  const uploads = new Map<string, ReadableSpan>()
  for (const span of spans) {
    if (span.kind === SpanKind.SERVER && isUpload(span))
      uploads.set(span.spanContext().spanId, span)
  }
  for (const span of uploads.values()) {
    add(ledger, 'uploads', 1)
    for (const { name, attributes } of span.events) {
      if (name === 'expectation.decided') continue
      add(ledger, entry(name, attributes?.['expectation.reason']), 1)
    }
  }
  for (const span of spans) {
    if (span.name !== 'expectation.connection.lingered') continue
    const below = uploads.has(span.parentSpanContext?.spanId ?? '')
    const { attributes } = span
    add(ledger, entry('linger', attributes['expectation.linger.end'], below), 1)
    add(ledger, 'discarded', Number(attributes['expectation.content.discarded']))
  }
  return ledger
}

function isUpload({ attributes }: ReadableSpan): boolean {
  return (attributes['http.request.method'] ?? attributes['http.method']) === 'PUT'
}

export function expectedSpans(adapter: Adapter): Ledger {
  const ledger: Ledger = new Map()
  for (const told of expectedKinds(adapter)) {
    add(ledger, 'uploads', 1)
    if (told.continued?.[0] === true) add(ledger, entry('expectation.continue_sent', undefined), 1)
    if (told.reason !== undefined) add(ledger, entry('expectation.refused', told.reason), 1)
    if (told.linger === undefined) continue
    add(ledger, entry('expectation.connection.lingering', undefined), 1)
    add(ledger, entry('linger', told.linger, true), 1)
    add(ledger, 'discarded', told.discarded ?? 0)
  }
  return ledger
}
