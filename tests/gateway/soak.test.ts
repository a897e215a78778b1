// Many refusals leave nothing behind: no descriptor, and no upstream connection that would take the next
// request for content. The long form is REFUSALS=6000.
import { runChild } from '../support/run-child.js'
import { soakScript } from './support/soak-script.js'

jest.setTimeout(600_000)

const REFUSALS = Number(process.env.REFUSALS ?? 400)

test(`${REFUSALS} refusals, then 100 of 100 accepted`, async () => {
  const withinMs = 60_000 + REFUSALS * 50
  const { report } = await runChild(soakScript, { env: { REFUSALS: String(REFUSALS) }, withinMs })
  const seen = report() as Readonly<Record<string, number>>
  expect(seen).toMatchObject({ refused: REFUSALS, accepted: 100, served: 100, misused: 0 })
  expect(seen.grown).toBeLessThanOrEqual(10)
})

test('a leak would be seen', async () => {
  const { report } = await runChild(soakScript, { env: { REFUSALS: '40', LEAK: '1' } })
  expect((report() as Readonly<Record<string, number>>).grown).toBeGreaterThan(10)
})
