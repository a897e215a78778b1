// Writes src/broken/caught-by.json: for each case a mutant that it catches, quickly, and few others do.
// Run after `tsc -b`, when cases or mutants have changed: node scripts/map-mutants.mjs
import { writeFileSync } from 'node:fs'
import { createRequire } from 'node:module'

const require = createRequire(import.meta.url)
const { cases, readAddress } = require('../dist/index.js')
const { runCases } = require('../dist/run/run.js')
const { mutants } = require('../dist/broken/mutants.js')
const { modelRoutes } = require('../dist/broken/roles.js')
const { startModel } = require('../dist/broken/server.js')
const { http2Mutants, startHttp2Model } = require('../dist/broken/http2-server.js')

const SIDE_BY_SIDE = 3
const ROUNDS = 6
// Case id -> the mutants that failed it, with how long that took.
const candidates = new Map(cases.map(({ id }) => [id, []]))
const caught = new Map()

const start = (name) =>
  name in http2Mutants ? startHttp2Model(http2Mutants[name]) : startModel(mutants[name])

async function verdicts(name, asked) {
  const server = await start(name)
  try {
    const options = { routes: modelRoutes, concurrency: 100 }
    return await runCases(asked, readAddress(server.url), options)
  } finally {
    await server.close()
  }
}

async function tryMutant(name) {
  const protocol = name in http2Mutants ? 'h2' : 'http/1.1'
  const results = await verdicts(
    name,
    cases.filter((each) => each.protocol === protocol),
  )
  const failed = results.filter(({ verdict }) => verdict === 'fail')
  for (const { id, ms } of failed) candidates.get(id).push({ name, ms })
  caught.set(name, failed.length)
  console.error(`${name}: ${failed.length}`)
}

async function eachOf(items, sideBySide, work) {
  const queue = [...items]
  const lane = async () => {
    for (let next = queue.shift(); next !== undefined; next = queue.shift()) await work(next)
  }
  await Promise.all(Array.from({ length: sideBySide }, lane))
}

// Where segments happen to end must not decide it.
async function alwaysFails(name, subject) {
  for (let round = 0; round < ROUNDS; round += 1) {
    const [alone] = await verdicts(name, [subject])
    if (alone.verdict !== 'fail') return false
  }
  return true
}

// One case may spoil a mutant for the next; so the choice is tried again alone, on a fresh one.
async function choose(subject) {
  const { id } = subject
  const slow = ({ ms }) => (ms > 1000 ? Math.ceil(ms / 1000) : 0)
  const order = candidates
    .get(id)
    .sort((a, b) => slow(a) - slow(b) || caught.get(a.name) - caught.get(b.name))
  for (const { name } of order) {
    if (await alwaysFails(name, subject)) return [id, name]
  }
  console.log(`caught by none: ${id}`)
  return undefined
}

await eachOf([...Object.keys(mutants), ...Object.keys(http2Mutants)], SIDE_BY_SIDE, tryMutant)
const chosen = new Map()
await eachOf(cases, 20, async (subject) => {
  const pair = await choose(subject)
  if (pair !== undefined) chosen.set(...pair)
})
for (const [name, count] of caught) if (count === 0) console.log(`catches nobody: ${name}`)
const inOrder = cases.flatMap(({ id }) => (chosen.has(id) ? [[id, chosen.get(id)]] : []))
const file = new URL('../src/broken/caught-by.json', import.meta.url)
writeFileSync(file, `${JSON.stringify(Object.fromEntries(inOrder), null, 2)}\n`)
process.exit()
