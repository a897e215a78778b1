// The differential proof of one server: the same connection to the plain server and to ours, at the
// same time. What differs and is no improvement is tried again, alone, before it is a failure.
import { Bench, flow } from '../kit/bench.mjs'
import { Crashes, lastWords } from '../kit/blame.mjs'
import { bytesOf } from '../kit/bytes.mjs'
import { shrink } from '../kit/shrink.mjs'
import { accountOf, differencesOf } from './account.mjs'
import { explain } from './explain.mjs'
import { makeScenario } from './scenarios.mjs'

const WIDTH = 150
const PATIENT_MS = 1500
const TRIES = 5
const MOST_TRIED = 6
const MOST_CRASHES = 3
/** Coarse on purpose: a busy machine makes everything slow, but not one side alone, three times. */
const slower = (plain, ours) => ours > plain * 5 + 1500

export async function prove({
  what,
  seed,
  exchanges,
  from = 0,
  avoid,
  shrinking = true,
  doors,
  only = /./,
}) {
  const benches = {
    plain: new Bench({ ...what, mode: 'plain', faults: [] }),
    ours: new Bench(what),
  }
  const calm = { plain: new Bench({ ...what, mode: 'plain', faults: [] }), ours: new Bench(what) }
  const kinds = new Map()
  const used = new Map()
  const crashes = new Crashes()
  let played = 0
  let index = from
  const began = Date.now()
  try {
    await flow(
      WIDTH,
      () => played < exchanges && crashes.size < MOST_CRASHES,
      async () => {
        const scenario = { ...makeScenario(seed, index), index: index++ }
        if (avoid?.test(bytesOf(scenario).toString('latin1'))) return
        if (doors && !doors.includes(scenario.door)) return
        const pair = await playBoth(benches, scenario)
        played += scenario.requests
        if (pair.ours.ended) crashes.add(pair.ours.ended, scenario)
        else for (const difference of judged(pair, used)) remember(difference, scenario)
      },
    )
    const seconds = (Date.now() - began) / 1000
    for (const { ended, scenario } of await crashes.blame(calm.ours)) {
      remember({ field: 'process', plain: 'lives', ours: lastWords(ended) }, scenario)
    }
    for (const kind of kinds.values()) if (only.test(kind.name)) await confirm(kind)
    return { what, seed, from, played, next: index, kinds: [...kinds.values()], used, seconds }
  } finally {
    await Promise.all([...Object.values(benches), ...Object.values(calm)].map((b) => b.stop()))
  }

  function remember(difference, scenario) {
    const name = kindOf(difference)
    const kind = kinds.get(name) ?? {
      name,
      times: 0,
      difference,
      scenarios: [],
      after: played,
      confirmed: false,
    }
    kind.times += 1
    // The smallest are tried: they are the easiest to read.
    kind.scenarios.push(scenario)
    kind.scenarios.sort((a, b) => bytesOf(a).length - bytesOf(b).length)
    kind.scenarios.splice(MOST_TRIED)
    kinds.set(name, kind)
  }

  async function confirm(kind) {
    const fails = (candidate) => persistent(calm, candidate, kind.name)
    for (const scenario of kind.scenarios) {
      if (await fails(scenario)) {
        kind.confirmed = true
        kind.scenario = shrinking ? (await shrink(scenario, fails)).scenario : scenario
        kind.difference = (await fails(kind.scenario)) ?? kind.difference
        return
      }
    }
  }
}

async function playBoth({ plain, ours }, scenario, options) {
  const timed = async (bench) => {
    const began = Date.now()
    const result = await bench.play(scenario, options)
    return { ...result, ms: Date.now() - began }
  }
  const [one, two] = await Promise.all([timed(plain), timed(ours)])
  return { plain: one, ours: two, ended: two.ended }
}

/** The differences of a pair that nothing explains. */
function judged(pair, used) {
  const accounts = { plain: accountOf(pair.plain), ours: accountOf(pair.ours) }
  const found = explain(
    { ...pair, accounts, differences: differencesOf(accounts.plain, accounts.ours) },
    used,
  )
  // What comes first is the cause, the rest mostly follows from it.
  found.splice(1)
  if (slower(pair.plain.ms, pair.ours.ms))
    found.push({ field: 'time', plain: 'soon', ours: 'much later' })
  return found
}

/** It differs each time, alone: neither side is judged by one run. */
async function persistent(calm, scenario, name) {
  let found
  for (let i = 0; i < TRIES; i++) {
    const pair = await playBoth(calm, scenario, { quietMs: PATIENT_MS })
    found = judged(pair, new Map()).find((difference) => kindOf(difference) === name)
    if (found === undefined) return undefined
  }
  return found
}

/** Differences of a kind are one, whatever the lengths and sums, and whoever they happen to. */
export function kindOf({ field, plain, ours }) {
  const brief = (value) => {
    if (field === 'content') return /:(end|cut)$/.exec(value)?.[1] ?? 'none'
    if (field === 'fields' || field === 'body') return value === '' ? 'none' : 'other'
    return String(value)
  }
  return `${field}: ${brief(plain)} → ${brief(ours)}`
}
