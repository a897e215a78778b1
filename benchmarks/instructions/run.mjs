// The section of the page that decides: instructions outside the kernel for each request, with the gate
// and without it, both of one build and counted side by side.

import { valgrindIsHere } from './callgrind.mjs'
import { countInstructions } from './count.mjs'
import { baseOf, boundOf, CASES, PAIRS } from './rows.mjs'

/**
 * @param gates - Of the servers with the gate, those to count; default: all.
 * @param cases - Names of cases; default: all.
 * @param onRecord - Told each row as soon as it is there: all of them take more than an hour.
 * @returns Nothing where valgrind is not installed.
 */
export async function runInstructions({ gates, cases = Object.keys(CASES), counts, onRecord }) {
  if (!valgrindIsHere()) return undefined
  const records = []
  for (const pair of PAIRS.filter(({ gate }) => gates?.includes(gate) ?? true)) {
    for (const name of cases) {
      const record = await row(pair, name, counts)
      records.push(record)
      onRecord?.(record)
    }
  }
  return records
}

async function row(pair, name, counts) {
  const servers = [baseOf(pair, name), pair.gate]
  const [base, gate] = await Promise.all(
    servers.map((server) => countInstructions(server, name, counts)),
  )
  return {
    title: pair.title,
    protocol: pair.protocol,
    name,
    bound: boundOf(pair, name),
    base: base.each,
    gate: gate.each,
    ratio: gate.each / base.each,
    spread: Math.max(...[base, gate].map(({ lowest, highest, each }) => (highest - lowest) / each)),
  }
}

/** Rows that were not counted now stay as they were; in the order of the page. */
export function withRows(known, counted) {
  const keyOf = ({ title, protocol, name }) => `${protocol} ${title} ${name}`
  const rows = new Map([...known, ...counted].map((record) => [keyOf(record), record]))
  return PAIRS.flatMap(({ title, protocol }) =>
    Object.keys(CASES).flatMap((name) => rows.get(keyOf({ title, protocol, name })) ?? []),
  )
}
