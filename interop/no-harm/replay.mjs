// Plays the kept inputs again: `node interop/no-harm/replay.mjs [file…]`, without files the whole corpus,
// or one input as JSON, as a run tells it. Prints a line of JSON for each: { file, integration, found }.
import { readdirSync, readFileSync } from 'node:fs'
import { accountOf, differencesOf } from './differential/account.mjs'
import { explain } from './differential/explain.mjs'
import { Bench } from './kit/bench.mjs'
import { readScenario } from './kit/bytes.mjs'
import { findingsIn } from './mutation/prove.mjs'

const PATIENT = 15
const TRIES = 3
const corpus = new URL('corpus/', import.meta.url)
const INTEGRATIONS = ['bare', 'express', 'koa', 'fastify']

const given = process.argv.slice(2)
const inputs =
  given.length === 0
    ? readdirSync(corpus)
        .filter((name) => name.endsWith('.json'))
        .map((name) => [name, read(new URL(name, corpus))])
    : given.map((each) => (each.startsWith('{') ? ['input', JSON.parse(each)] : [each, read(each)]))

const benches = new Map()
let failed = false
for (const [file, input] of inputs) {
  const servers = input.integration === undefined ? INTEGRATIONS : [input.integration]
  for (const integration of servers) {
    const found = await replay(input, integration)
    failed ||= found.length > 0
    console.log(JSON.stringify({ file, integration, found }))
  }
}
await Promise.all([...benches.values()].map((bench) => bench.stop()))
process.exitCode = failed ? 1 : 0

/** What is found each time. */
async function replay({ proof, mode, scenario, name }, integration) {
  const readable = readScenario(scenario)
  let found = []
  for (let i = 0; i < TRIES; i++) {
    found = await (proof === 'mutation' ? invariants : differences)(readable, integration, mode)
    if (found.length === 0) return []
  }
  return found.map((each) => `${name}: ${each}`)
}

async function invariants(scenario, integration, mode) {
  return findingsIn(await benchFor(integration, mode).play(scenario, { quiet: PATIENT }))
}

async function differences(scenario, integration, mode) {
  const [plain, ours] = await Promise.all(
    ['plain', mode].map((each) => benchFor(integration, each).play(scenario, { quiet: PATIENT })),
  )
  const accounts = { plain: accountOf(plain), ours: accountOf(ours) }
  const all = differencesOf(accounts.plain, accounts.ours)
  const left = explain({ plain, ours, accounts, differences: all }, new Map())
  return left.map((each) => `${each.field} of request ${each.n}: ${each.plain} → ${each.ours}`)
}

function benchFor(integration, mode) {
  const key = `${integration} ${mode}`
  if (!benches.has(key)) benches.set(key, new Bench({ integration, mode, faults: [] }))
  return benches.get(key)
}

function read(file) {
  return JSON.parse(readFileSync(file, 'utf8'))
}
