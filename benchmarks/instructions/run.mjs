// The section of the page that decides: instructions outside the kernel for each request, with the gate
// and without it, both of one build and counted side by side.

import { median } from '../end-to-end/statistics.mjs'
import { valgrindIsHere } from './callgrind.mjs'
import { countInstructions } from './count.mjs'
import { baseOf, boundOf, CASES, PAIRS } from './rows.mjs'

/**
 * @param gates - Of the servers with the gate, those to count; default: all.
 * @param cases - Names of cases; default: all.
 * @param processes - Of each server, for each row: V8 does not compile two of them alike.
 * @param onRecord - Told each row as soon as it is there: all of them take hours.
 * @returns Nothing where valgrind is not installed.
 */
export async function runInstructions({
  gates,
  cases = Object.keys(CASES),
  processes,
  counts,
  onRecord,
}) {
  if (!valgrindIsHere()) return undefined
  const records = []
  for (const pair of PAIRS.filter(({ gate }) => gates?.includes(gate) ?? true)) {
    for (const name of cases) {
      const record = await row(pair, name, processes, counts)
      records.push(record)
      onRecord?.(record)
    }
  }
  return records
}

async function row(pair, name, processes, counts) {
  const servers = [baseOf(pair, name), pair.gate]
  const counted = [[], []]
  for (let process = 0; process < processes; process += 1) {
    const both = await Promise.all(servers.map((each) => countInstructions(each, name, counts)))
    both.forEach(({ each }, at) => {
      counted[at].push(each)
    })
  }
  const [base, gate] = counted.map(median)
  return {
    title: pair.title,
    protocol: pair.protocol,
    name,
    bound: boundOf(pair, name),
    processes,
    base,
    gate,
    ratio: gate / base,
    spread: Math.max(...counted.map((all) => (Math.max(...all) - Math.min(...all)) / median(all))),
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
