// A real scrape: the text that a real server gives to GET /metrics, read back into a ledger.

import { register as globalRegister, type Registry } from 'prom-client'
import { bare } from '../../support/server.js'
import { add, entry, type Ledger } from './ledger.js'

export interface Sample {
  readonly name: string
  readonly labels: Readonly<Record<string, string>>
  readonly value: number
}

/** Serves a register as applications do, and asks it. */
export async function scrape(register: Registry = globalRegister): Promise<readonly Sample[]> {
  const { url } = await bare((_request, response) => {
    void register.metrics().then((text) => {
      response.setHeader('Content-Type', register.contentType)
      response.end(text)
    })
  })
  const answer = await fetch(`${url}/metrics`)
  return samplesOf(await answer.text())
}

const SAMPLE = /^(?<name>\w+)(?:\{(?<labels>.*)\})? (?<value>\S+)$/

function samplesOf(text: string): readonly Sample[] {
  return text
    .split('\n')
    .filter((line) => line !== '' && !line.startsWith('#'))
    .map((line) => {
      const { name = '', labels = '', value } = SAMPLE.exec(line)?.groups ?? {}
      const pairs = [...labels.matchAll(/(\w+)="([^"]*)"/g)].map(([, key, text]) => [key, text])
      return { name, labels: Object.fromEntries(pairs), value: Number(value) }
    })
}

const ENTRIES: Readonly<Record<string, readonly [string, ...string[]]>> = {
  expectation_decisions_total: ['decisions', 'decision', 'method', 'route', 'status', 'reason'],
  expectation_decision_duration_seconds_count: ['decision times', 'decision'],
  expectation_declared_bytes_total: ['declared', 'decision'],
  expectation_received_bytes_total: ['received', 'decision'],
  expectation_avoided_bytes_total: ['avoided', 'decision'],
  expectation_discarded_bytes_total: ['discarded'],
  expectation_connection_ends_total: ['connection', 'end', 'client_gone'],
  expectation_lingers_total: ['linger', 'end'],
  expectation_unknown_expectations_total: ['unknown', 'kind'],
  expectation_continuations_total: ['continuation', 'sent', 'client_waited'],
  expectation_continue_wait_seconds_count: ['continue times'],
  expectation_pending_decisions: ['pending'],
  expectation_active_lingers: ['active lingers'],
  expectation_requests_after_refusal_total: ['requests after a refusal'],
  expectation_client_errors_total: ['client errors', 'status', 'code'],
}

/** Sums and buckets, and what a gateway counts, which no exchange of these tests is. */
const NOT_COUNTED = /_(bucket|sum)$|^expectation_relay_/

export async function prometheusLedger(register?: Registry): Promise<Ledger> {
  const ledger: Ledger = new Map()
  for (const { name, labels, value } of await scrape(register)) {
    if (NOT_COUNTED.test(name)) continue
    const known = ENTRIES[name]
    if (known === undefined) throw new Error(`An unexpected metric: ${name}`)
    const [title, ...names] = known
    add(ledger, entry(title, ...names.map((label) => labels[label])), value)
  }
  return ledger
}
