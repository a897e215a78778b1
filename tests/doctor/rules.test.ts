// Every reading rule is shown by a server: by one of the rows of docs/doctor.md, or by one made for it.
import { readFileSync } from 'node:fs'
import path from 'node:path'
import { behindRules, doctor, outsideRules, type Report, reportSchema } from '@expectation/doctor'
import Ajv2020 from 'ajv/dist/2020.js'
import { behindProofs } from './behind-proofs.js'
import { inLanes } from './lanes.js'
import { proofs } from './proofs.js'
import { secureProofs } from './secure-proofs.js'

jest.setTimeout(60_000)

const rules = [...outsideRules, ...behindRules]
const all: Readonly<Record<string, () => Promise<Report>>> = {
  ...Object.fromEntries(
    Object.entries(proofs).map(([ids, { start, options }]) => [
      ids,
      async () => doctor((await start()).url, { timeoutMs: 1_500, ...options }),
    ]),
  ),
  ...secureProofs,
  ...behindProofs,
}
const valid = new Ajv2020().compile(reportSchema)
const faults: unknown[] = []
const found = new Map<string, readonly string[]>()

beforeAll(async () => {
  await inLanes(Object.keys(all), 16, async (ids) => {
    // What fails here is tried again alone.
    const report = await all[ids]?.().catch(() => undefined)
    found.set(ids, report?.findings.map(({ id }) => id) ?? [])
    if (report !== undefined && !valid(report)) faults.push([ids, valid.errors])
  })
}, 120_000)

test.each(Object.keys(all))('%s: its server shows it', async (ids) => {
  const wanted = ids.split(' ')
  const shown = (): readonly string[] => found.get(ids) ?? []
  // A busy machine may make a quick server look slow; alone, it does not.
  if (!wanted.every((id) => shown().includes(id))) {
    found.set(ids, (await all[ids]?.())?.findings.map(({ id }) => id) ?? [])
  }
  expect(shown()).toEqual(expect.arrayContaining(wanted))
})

test('a proxy that fails all uploads is not told to fail because of what an origin does', () => {
  const told = found.get('B205 B304 B402') ?? []
  expect(told.filter((id) => /^B(303|502|503|602|701|802|902)$/.test(id))).toEqual([])
})

test('every report follows the schema', () => expect(faults).toEqual([]))

test('every rule has a server that shows it', () => {
  const rows = ['chain-rows.json', 'behind-rows.json'].flatMap((file) =>
    Object.values<{ findings: string; others: string }>(
      JSON.parse(readFileSync(path.join(__dirname, file), 'utf8')),
    ),
  )
  const inRows = rows.flatMap(({ findings, others }) => `${findings} ${others}`.split(' '))
  const shown = new Set([...inRows, ...Object.keys(all).flatMap((ids) => ids.split(' '))])
  expect(rules.map(({ id }) => id).filter((id) => !shown.has(id))).toEqual([])
})

test('rules are data, and an id is given once', () => {
  expect(JSON.parse(JSON.stringify(rules))).toEqual(rules)
  expect(new Set(rules.map(({ id }) => id)).size).toBe(rules.length)
  for (const { id, sentence, level, cause, remedy } of rules) {
    expect({ id, ends: /[.?]$/.test(sentence) }).toEqual({ id, ends: true })
    const advises = level === 'fault' || level === 'advice'
    expect({ id, told: cause !== undefined && remedy !== undefined }).toEqual({ id, told: advises })
  }
})
