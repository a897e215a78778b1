// Each proxy of docs/doctor.md gives its row when the doctor stands on both sides of it.
// `EXPECTATION_WRITE_DOCS=1 npm test -- tests/doctor/behind-rows` measures the rows anew, and writes them.

import { readFileSync, writeFileSync } from 'node:fs'
import http from 'node:http'
import path from 'node:path'
import { doctorBehind } from '@expectation/doctor'
import { madePart } from '../docs/made.js'
import { serve } from '../support/server.js'
import { testWhen } from '../support/skip.js'
import { type BehindRow, behindRowOf } from './behind-row.js'
import { behindTable } from './behind-table.js'
import { type Fronted, fronts } from './fronts.js'
import { inLanes } from './lanes.js'
import { settled } from './settled.js'

jest.setTimeout(60_000)

const file = path.join(__dirname, 'behind-rows.json')
const rows: Readonly<Record<string, BehindRow>> = JSON.parse(readFileSync(file, 'utf8'))
const writes = process.env.EXPECTATION_WRITE_DOCS === '1'
const all: readonly (readonly [string, Fronted])[] = Object.entries(fronts)
const seen = new Map<string, BehindRow>()

/** What was seen, in the order of the table. */
const inOrder = (): Record<string, BehindRow> =>
  Object.fromEntries(
    all.flatMap(([name]) => {
      const row = seen.get(name)
      return row === undefined ? [] : [[name, row]]
    }),
  )

async function look([name, { start }]: readonly [string, Fronted]): Promise<void> {
  // Until the proxy is there somebody holds the port, so that it does not give its origin up.
  const holder = await serve(http.createServer((_request, response) => response.end()))
  const { port } = await start(holder.port)
  holder.server.closeAllConnections()
  await new Promise((resolve) => holder.server.close(resolve))
  const origin = holder.port
  const report = await doctorBehind(`http://127.0.0.1:${port}`, { origin, timeoutMs: 2_500 })
  expect(report.requests).toBeLessThanOrEqual(14)
  seen.set(name, behindRowOf(report))
}

beforeAll(async () => {
  const there = all.filter(([, { missing }]) => missing === undefined)
  await inLanes(there, there.length, look)
  if (writes) writeFileSync(file, `${JSON.stringify({ ...rows, ...inOrder() }, null, 2)}\n`)
}, 120_000)

for (const [name, front] of all) {
  const { title, missing, races = {} } = front
  testWhen(missing === undefined, missing ?? '')(`${title}: its row`, async () => {
    const expected = writes ? seen.get(name) : rows[name]
    if (expected === undefined) throw new Error(`behind-rows.json has no row '${name}'`)
    const holds = (): boolean => settled(seen.get(name), expected, races)
    // A busy machine delays answers beyond what was held back for them; alone, it does not.
    if (!holds()) await look([name, front])
    if (!holds()) expect(seen.get(name)).toEqual(expected)
  })
}

test('docs/doctor.md has the table of these rows', () => {
  const table = behindTable(writes ? inOrder() : rows)
  expect(madePart('doctor.md', 'behind', table)).toBe(table)
})
