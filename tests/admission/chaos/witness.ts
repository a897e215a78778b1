// What really happened, from the file that the handlers wrote: how many uploads, and how many bytes,
// were under way at a time.

import { readFileSync } from 'node:fs'

export interface Peaks {
  readonly slots: number
  readonly bytes: number
  readonly tenant: number
  readonly begun: number
}

interface Line {
  readonly kind: 'begin' | 'end'
  /** `<process>.<number>` */
  readonly id: string
  /** Nanoseconds of the machine's monotonic clock. */
  readonly at: string
  readonly bytes: number
  readonly tenant: string
}

interface Interval {
  readonly from: bigint
  readonly to: bigint
  readonly bytes: number
  readonly tenant: string
}

/** How many uploads began between two times of the machine's monotonic clock. */
export function begunBetween(file: string, from: bigint, to: bigint): number {
  return linesOf(file).filter(({ kind, at }) => {
    const then = BigInt(at)
    return kind === 'begin' && then >= from && then <= to
  }).length
}

function linesOf(file: string): readonly Line[] {
  const lines = readFileSync(file, 'utf8').trim().split('\n')
  return lines.filter((text) => text !== '').map((text) => JSON.parse(text) as Line)
}

/** @param killed - When processes were killed, by their number: what they had under way ended then. */
export function peaksOf(file: string, killed: ReadonlyMap<string, bigint>): Peaks {
  const begun = new Map<string, Line>()
  const intervals: Interval[] = []
  for (const line of linesOf(file)) {
    const first = begun.get(line.id)
    if (line.kind === 'begin') begun.set(line.id, line)
    else if (first !== undefined) {
      begun.delete(line.id)
      intervals.push({ ...first, from: BigInt(first.at), to: BigInt(line.at) })
    }
  }
  for (const line of begun.values()) {
    const to = killed.get(line.id.split('.')[0] ?? '')
    if (to === undefined) throw new Error(`the upload ${line.id} has no end`)
    intervals.push({ ...line, from: BigInt(line.at), to })
  }
  return { ...peaks(intervals), begun: intervals.length }
}

function peaks(intervals: readonly Interval[]): Omit<Peaks, 'begun'> {
  const changes = intervals
    .flatMap(({ from, to, bytes, tenant }) => [
      { at: from, slots: 1, bytes, tenant },
      { at: to, slots: -1, bytes: -bytes, tenant },
    ])
    .sort((a, b) => (a.at === b.at ? a.slots - b.slots : a.at < b.at ? -1 : 1))
  const now = { slots: 0, bytes: 0 }
  const most = { slots: 0, bytes: 0, tenant: 0 }
  const tenants = new Map<string, number>()
  for (const change of changes) {
    now.slots += change.slots
    now.bytes += change.bytes
    const ofTenant = (tenants.get(change.tenant) ?? 0) + change.slots
    tenants.set(change.tenant, ofTenant)
    most.slots = Math.max(most.slots, now.slots)
    most.bytes = Math.max(most.bytes, now.bytes)
    most.tenant = Math.max(most.tenant, ofTenant)
  }
  return most
}
