// Each proxy of docs/doctor.md gives its row when the doctor stands on both sides of it.
// `EXPECTATION_WRITE_DOCS=1 npm test -- tests/doctor/behind-rows` measures the rows anew, and writes them.

import { readFileSync, writeFileSync } from 'node:fs'
import http from 'node:http'
import path from 'node:path'
import { doctorBehind } from '@expectation/doctor'
import { madePart } from '../docs/made.js'
import { serve } from '../support/server.js'
import { testWhen } from '../support/skip.js'
import { BEHIND_COLUMNS, type BehindRow, behindRowOf } from './behind-row.js'
import { type Fronted, fronts } from './fronts.js'
import { inLanes } from './lanes.js'
import { settled } from './settled.js'
import { tableOf } from './table.js'

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

/** The proxy, and the port that it passes requests to, which somebody holds until the doctor comes. */
async function started({ start }: Fronted): Promise<readonly [number, () => Promise<number>]> {
  // A proxy gives up an origin that is not there when it starts.
  const holder = await serve(http.createServer((_request, response) => response.end()))
  const { port } = await start(holder.port)
  const free = async (): Promise<number> => {
    holder.server.closeAllConnections()
    await new Promise((resolve) => holder.server.close(resolve))
    return holder.port
  }
  return [port, free]
}

async function examine(name: string, port: number, origin: number): Promise<void> {
  const report = await doctorBehind(`http://127.0.0.1:${port}`, { origin, timeoutMs: 2_500 })
  expect(report.requests).toBeLessThanOrEqual(14)
  seen.set(name, behindRowOf(report))
}

// Everything is started before anything is examined: bundling a program holds up all of this process.
beforeAll(async () => {
  const ready: [string, number, () => Promise<number>][] = []
  await inLanes(all, 4, async ([name, front]) => {
    if (front.missing === undefined) ready.push([name, ...(await started(front))])
  })
  // What fails here is tried again alone.
  await inLanes(ready, ready.length, async ([name, port, free]) =>
    examine(name, port, await free()).catch(() => undefined),
  )
  if (writes) writeFileSync(file, `${JSON.stringify({ ...rows, ...inOrder() }, null, 2)}\n`)
}, 120_000)

for (const [name, front] of all) {
  const { title, missing, races = {} } = front
  testWhen(missing === undefined, missing ?? '')(`${title}: its row`, async () => {
    const expected = writes ? seen.get(name) : rows[name]
    if (expected === undefined) throw new Error(`behind-rows.json has no row '${name}'`)
    const holds = (): boolean => settled(seen.get(name), expected, races)
    // A busy machine delays answers beyond what was held back for them; alone, it does not.
    if (!holds()) {
      const [port, free] = await started(front)
      await examine(name, port, await free())
    }
    if (!holds()) expect(seen.get(name)).toEqual(expected)
  })
}

test('docs/doctor.md has the table of these rows', () => {
  const table = tableOf('proxy', BEHIND_COLUMNS, fronts, writes ? inOrder() : rows)
  expect(madePart('doctor.md', 'behind', table)).toBe(table)
})
