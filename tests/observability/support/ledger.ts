// Counts by name and labels, in one notation for what is expected, scraped, and exported, so that
// they can be compared as a whole. What is zero is left out: whether a system shows it is its own.

import { KINDS, script } from './exchanges.js'
import type { Told } from './kinds.js'
import type { Adapter } from './places.js'

export type Ledger = Map<string, number>

export function entry(name: string, ...labels: readonly unknown[]): string {
  return [name, ...labels.map((label) => String(label ?? 'none'))].join(' ')
}

export function add(ledger: Ledger, key: string, amount: number): void {
  if (amount !== 0) ledger.set(key, (ledger.get(key) ?? 0) + amount)
}

/** Sorted, for messages that can be read. */
export function shown(ledger: Ledger): Readonly<Record<string, number>> {
  return Object.fromEntries([...ledger].sort(([a], [b]) => (a < b ? -1 : 1)))
}

/** What must be told of each exchange of the scripted run. */
export function expectedKinds(adapter: Adapter): readonly Told[] {
  return script().flatMap((name) => {
    const told = KINDS[name]?.told
    if (told === undefined) return []
    return [typeof told === 'function' ? told(adapter) : told]
  })
}

/** What the scripted run must add up to. */
export function expectedOf(adapter: Adapter): Ledger {
  const ledger: Ledger = new Map()
  for (const told of expectedKinds(adapter)) write(ledger, told)
  return ledger
}

function write(ledger: Ledger, told: Told): void {
  const { decision, declared = 0, received = 0, discarded = 0 } = told
  add(ledger, entry('decisions', decision, 'PUT', told.route, told.status, told.reason), 1)
  if (decision !== 'none') add(ledger, entry('decision times', decision), 1)
  add(ledger, entry('declared', decision), declared)
  add(ledger, entry('received', decision), received)
  add(ledger, entry('avoided', decision), Math.max(0, declared - received - discarded))
  add(ledger, entry('discarded'), discarded)
  add(ledger, entry('connection', told.end, told.gone ?? false), 1)
  if (told.linger !== undefined) add(ledger, entry('linger', told.linger), 1)
  if (told.unknown !== undefined) add(ledger, entry('unknown', told.unknown), 1)
  if (told.continued !== undefined) {
    const [sent, waited] = told.continued
    add(ledger, entry('continuation', sent, waited), 1)
    if (sent) add(ledger, entry('continue times'), 1)
  }
}
