// The differential proof of one server: the same connection to the plain server and to ours, at the
// same time. What differs and is no improvement is tried again, alone, before it is a failure.
import { Bench, flow } from '../kit/bench.mjs'
import { Crashes, lastWords } from '../kit/blame.mjs'
import { brief } from '../kit/brief.mjs'
import { bytesOf } from '../kit/bytes.mjs'
import { openFault } from '../kit/open.mjs'
import { shrink } from '../kit/shrink.mjs'
import { accountOf, differencesOf } from './account.mjs'
import { explain } from './explain.mjs'
import { readsOnBehindClose } from './facts.mjs'
import { makeScenario } from './scenarios.mjs'

const WIDTH = 80
const PATIENT = 25
const TRIES = 5
const MOST_TRIED = 6
const MOST_CRASHES = 3
const MUCH_LATER = { n: undefined, field: 'time', plain: 'soon', ours: 'much later' }
/** In beats of each server, and coarse on purpose: a client whose connection is not cut may wait longer. */
const slower = (plain, ours) => ours > plain * 5 + 30

export async function prove({ what, seed, exchanges, from = 0, avoid, minutes, shrinking = true }) {
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
    await warm(benches)
    await flow(
      WIDTH,
      () =>
        played < exchanges && Date.now() - began < minutes * 60_000 && crashes.size < MOST_CRASHES,
      async () => {
        const scenario = { ...makeScenario(seed, index), index: index++ }
        if (avoid?.test(bytesOf(scenario).toString('latin1'))) return
        const pair = await playBoth(benches, scenario)
        played += scenario.requests
        // Nothing can be compared with a server that ended without the library.
        if (pair.plain.ended) return
        if (pair.ours.ended) crashes.add(pair.ours.ended, scenario)
        else for (const difference of judged(pair, used)) remember(difference, scenario)
      },
    )
    const seconds = (Date.now() - began) / 1000
    for (const { ended, scenario } of await crashes.blame(calm.ours)) {
      remember({ field: 'process', plain: 'lives', ours: lastWords(ended) }, scenario)
    }
    await Promise.all([...kinds.values()].map(confirm))
    return { what, seed, from, played, next: index, kinds: [...kinds.values()], used, seconds }
  } finally {
    await Promise.all([...Object.values(benches), ...Object.values(calm)].map((b) => b.stop()))
  }

  function remember({ pair, ...difference }, scenario) {
    const name = kindOf(difference)
    const kind = kinds.get(name) ?? {
      name,
      times: 0,
      difference,
      scenarios: [],
      after: played,
      confirmed: false,
      seen: pair && [`plain ${brief(pair.plain)}`, `ours ${brief(pair.ours)}`],
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
        const shrinks = shrinking && !openFault('differential', kind.name)
        kind.scenario = shrinks ? (await shrink(scenario, fails)).scenario : scenario
        kind.difference = (await fails(kind.scenario)) ?? kind.difference
        return
      }
    }
  }
}

async function playBoth({ plain, ours }, scenario, options) {
  const [one, two] = await Promise.all([
    plain.play(scenario, options),
    ours.play(scenario, options),
  ])
  return { plain: one, ours: two, ended: two.ended }
}

/** The differences of a pair that nothing explains. */
function judged(pair, used) {
  const accounts = { plain: accountOf(pair.plain), ours: accountOf(pair.ours) }
  const differences = differencesOf(accounts.plain, accounts.ours)
  const waits = readsOnBehindClose(accounts.ours, pair.ours.read)
  if (!waits && slower(pair.plain.took, pair.ours.took)) differences.push(MUCH_LATER)
  const found = explain({ ...pair, accounts, differences }, used)
  // What comes first is the cause, the rest mostly follows from it.
  found.splice(1)
  return found.map((each) => ({ ...each, pair }))
}

/** It differs each time, with next to nothing beside it: neither side is judged by one run. */
async function persistent(calm, scenario, name) {
  const once = async () => {
    const pair = await playBoth(calm, scenario, { quiet: PATIENT })
    return judged(pair, new Map()).find((difference) => kindOf(difference) === name)
  }
  if ((await once()) === undefined) return undefined
  const again = await Promise.all(Array.from({ length: TRIES - 1 }, once))
  return again.includes(undefined) ? undefined : again[0]
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

/** Code that runs for the first time is slow, and would differ by that. */
async function warm({ plain, ours }) {
  for (let n = 0; n < 20; n++) {
    const scenario = { ...makeScenario(0, n), door: 'open', end: 'close' }
    await Promise.all([plain.play(scenario), ours.play(scenario)])
  }
}
