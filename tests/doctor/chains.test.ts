// Each chain of docs/doctor.md gives its row: real servers, and what the doctor sees of them.
// `EXPECTATION_WRITE_DOCS=1 npm test -- tests/doctor/chains` measures the rows anew, and writes them.
import { readFileSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { doctor } from '@expectation/doctor'
import { madePart } from '../docs/made.js'
import { testWhen } from '../support/skip.js'
import { type Chain, type ChainName, chains } from './chains.js'
import { buildGo, hasGo, removeGo } from './go.js'
import { inLanes } from './lanes.js'
import { type ChainRow, COLUMNS, rowOf } from './row.js'
import { ACCEPTS } from './servers.js'
import { settled } from './settled.js'
import { tableOf } from './table.js'

jest.setTimeout(60_000)

const file = path.join(__dirname, 'chain-rows.json')
const rows: Readonly<Record<string, ChainRow>> = JSON.parse(readFileSync(file, 'utf8'))
const writes = process.env.EXPECTATION_WRITE_DOCS === '1'
const names = Object.keys(chains) as readonly ChainName[]
const chainOf = (name: ChainName): Chain => chains[name]
const seen = new Map<ChainName, ChainRow>()

/** What was seen, in the order of the table. */
const inOrder = (): Record<string, ChainRow> =>
  Object.fromEntries(
    names.flatMap((name) => {
      const row = seen.get(name)
      return row === undefined ? [] : [[name, row]]
    }),
  )

async function examine(name: ChainName, port: number): Promise<void> {
  const report = await doctor(`http://127.0.0.1:${port}`, { accepts: ACCEPTS, timeoutMs: 3_000 })
  expect(report.requests).toBeLessThanOrEqual(14)
  seen.set(name, rowOf(report))
}

// Everything is started before anything is examined: bundling a program holds up all of this process.
beforeAll(async () => {
  if (hasGo) buildGo()
  const ports: [ChainName, number][] = []
  await inLanes(names, 4, async (name) => {
    const chain = chainOf(name)
    if (chain.missing === undefined) ports.push([name, (await chain.start()).port])
  })
  // What fails here is tried again alone.
  await inLanes(ports, 9, ([name, port]) => examine(name, port).catch(() => undefined))
  if (writes) writeFileSync(file, `${JSON.stringify({ ...rows, ...inOrder() }, null, 2)}\n`)
}, 120_000)
afterAll(removeGo)

for (const name of names) {
  const { title, missing, races = {} } = chainOf(name)
  testWhen(missing === undefined, missing ?? '')(`${title}: its row`, async () => {
    const expected = writes ? seen.get(name) : rows[name]
    if (expected === undefined) throw new Error(`chain-rows.json has no row '${name}'`)
    const holds = (): boolean => settled(seen.get(name), expected, races)
    // A busy machine delays answers beyond what was held back for them; alone, it does not.
    if (!holds()) await examine(name, (await chainOf(name).start()).port)
    if (!holds()) expect(seen.get(name)).toEqual(expected)
  })
}

test('docs/doctor.md has the table of these rows', () => {
  const table = tableOf('chain', COLUMNS, chains, writes ? inOrder() : rows)
  expect(madePart('doctor.md', 'chains', table)).toBe(table)
})
