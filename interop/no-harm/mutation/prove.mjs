// The mutation proof against one server: connections side by side, findings confirmed alone, the
// first of each kind shrunk. A finding that does not come back alone is counted, not hidden.
import { Bench, flow } from '../kit/bench.mjs'
import { Crashes, lastWords } from '../kit/blame.mjs'
import { brief } from '../kit/brief.mjs'
import { bytesOf } from '../kit/bytes.mjs'
import { openFault } from '../kit/open.mjs'
import { roomOf } from '../kit/rooms.mjs'
import { shrink } from '../kit/shrink.mjs'
import { makeScenario } from './exchanges.mjs'
import { findingsOf } from './invariants.mjs'

const WIDTH = 300
const PATIENT = 25
/** Of each kind so many are tried again alone. */
const MOST_TRIED = 8
const MOST_CRASHES = 3
/** Where the library promises nothing beyond what the same server keeps without it. */
const PLAIN_EXCUSES = new Set([
  'only responses on the wire',
  'nobody dropped without a word',
  'content as it was sent',
  'descriptors come back',
])
const LEFT = 'descriptors come back'
const LIVES = 'the process lives'

export async function prove({
  what,
  seed,
  exchanges,
  from = 0,
  shrinking = true,
  avoid,
  wanted,
  mostCrashes = MOST_CRASHES,
  minutes = Number.POSITIVE_INFINITY,
}) {
  const bench = new Bench(what)
  const alone = new Bench(what)
  const plain = new Bench({ ...what, mode: 'plain', faults: [] })
  const kinds = new Map()
  const began = Date.now()
  let played = 0
  let index = from
  const crashes = new Crashes()
  try {
    await warm(bench, seed)
    const before = await bench.memory()
    await flow(
      WIDTH,
      () =>
        played < exchanges &&
        Date.now() - began < minutes * 60_000 &&
        crashes.size < mostCrashes &&
        !kinds.has(wanted),
      async () => {
        const scenario = { ...makeScenario(seed, index), index: index++ }
        if (avoid?.test(bytesOf(scenario).toString('latin1'))) return
        const result = await bench.play(scenario)
        played += scenario.requests
        if (result.ended) crashes.add(result.ended, scenario)
        else
          for (const finding of findingsIn(result))
            remember(kinds, finding, scenario, played, brief(result))
      },
    )
    const after = await bench.memory()
    for (const { ended, scenario } of await crashes.blame(alone)) {
      remember(kinds, `${LIVES}: ${lastWords(ended)}`, scenario, played)
    }
    const seconds = (Date.now() - began) / 1000
    await Promise.all([...kinds.values()].map(judge))
    return {
      what,
      seed,
      from,
      played,
      next: index,
      kinds: [...kinds.values()],
      memory: { before, after },
      seconds,
    }
  } finally {
    await Promise.all([bench.stop(), alone.stop(), plain.stop()])
  }

  async function judge(kind) {
    const fails = async (candidate) => {
      const found = await findIn(alone, candidate)
      return found !== undefined && (await plainFails(candidate)) ? undefined : found
    }
    const findIn = async (server, candidate) => {
      const result = await server.play(candidate, { quiet: PATIENT })
      return findingsIn(result).find((finding) => nameOf(finding) === kind.name)
    }
    /** What Node or the framework does by itself is not of the library. */
    const plainFails = async (candidate) => {
      if (!PLAIN_EXCUSES.has(kind.name)) return false
      return (await findIn(plain, candidate)) !== undefined
    }
    for (const scenario of kind.scenarios) {
      const again = (await fails(scenario)) ?? (await fails(scenario))
      if (again === undefined) {
        if (await plainFails(scenario)) kind.plainToo += 1
        continue
      }
      kind.confirmed = true
      const shrinks = shrinking && !openFault('mutation', kind.name)
      kind.scenario = shrinks ? (await shrink(scenario, fails)).scenario : scenario
      kind.found = (await fails(kind.scenario)) ?? again
      return
    }
  }
}

function remember(kinds, finding, scenario, after, seen) {
  const name = nameOf(finding)
  const kind = kinds.get(name) ?? {
    name,
    times: 0,
    found: finding,
    scenarios: [],
    after,
    confirmed: false,
    plainToo: 0,
    seen: seen && [seen],
  }
  kind.times += 1
  if (kind.scenarios.length < MOST_TRIED) kind.scenarios.push(scenario)
  kinds.set(name, kind)
}

/** Memory is compared with that of a server that has served everything once. */
async function warm(bench, seed) {
  let n = 0
  await flow(
    50,
    () => n < 200,
    async () => {
      await bench.play({
        ...makeScenario(seed, 1_000_000 + n++),
        end: 'wait',
        steps: [
          { send: Buffer.from('GET /read HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n') },
        ],
      })
    },
  )
}

/** Findings of a kind are one; what ends the process is told apart by what it said. */
const nameOf = (finding) =>
  finding.startsWith(LIVES) ? finding.slice(0, 120) : finding.slice(0, finding.indexOf(':'))

/** Everything that is wrong with one connection. */
export function findingsIn(result) {
  if (result.ended) return [`${LIVES}: ${lastWords(result.ended)}`]
  const findings = findingsOf(result)
  if (result.left && !hoards(result))
    findings.push(`${LEFT}: still open after the client had closed`)
  return findings
}

/**
 * Behind content that nobody reads, an end is not heard: Node stops reading when about 16 kB wait. The
 * response that would let it go is not finished where it stands behind one without an end.
 */
function hoards({ read }) {
  const endless = read.requests.findIndex((request) => roomOf(request) === 'sse')
  return endless >= 0 && read.requests.slice(endless).some(({ length }) => length > 16_384)
}
