// A against B, and A against itself, in short rounds that take turns: what disturbs the machine
// disturbs all of them. The order is turned round each time, so that nobody always comes first.

import { isDifferent, median, ratioOf } from './statistics.mjs'

export function noRounds() {
  return { base: [], rival: [], control: [] }
}

/**
 * Adds rounds to `seen`.
 *
 * @param sides - `base` is A, `control` the same server in a second process, `rival` B.
 */
export async function duel(seen, { load, sides, order, rounds, warmUp }) {
  for (const server of Object.values(sides)) await load.round(server, { ...order, ...warmUp })
  for (let at = 0; at < rounds; at += 1) {
    const names = at % 2 === 0 ? ['base', 'rival', 'control'] : ['control', 'rival', 'base']
    for (const name of names) seen[name].push(await load.round(sides[name], order))
  }
}

export function resultOf(seen) {
  const throughput = compare(seen, (round) => round.perSecond)
  const measured = [...seen.base, ...seen.rival].every(({ cpuUs }) => cpuUs !== undefined)
  const cpu = measured ? compare(seen, (round) => 1 / round.cpuUs) : undefined
  return {
    throughput,
    cpu,
    perSecond: {
      base: median(seen.base.map((round) => round.perSecond)),
      rival: median(seen.rival.map((round) => round.perSecond)),
    },
    cpuUs: cpu && {
      base: median(seen.base.map((round) => round.cpuUs)),
      rival: median(seen.rival.map((round) => round.cpuUs)),
    },
    lost: { base: total(seen.base, 'answersLost'), rival: total(seen.rival, 'answersLost') },
    answered: { base: total(seen.base, 'answered'), rival: total(seen.rival, 'answered') },
    unexpected: { base: total(seen.base, 'unexpected'), rival: total(seen.rival, 'unexpected') },
  }
}

/** Each round of B against the mean of the two A that stand around it. */
function compare({ base, rival, control }, speedOf) {
  const against = rival.map(
    (round, at) => (2 * speedOf(round)) / (speedOf(base[at]) + speedOf(control[at])),
  )
  const same = control.map((round, at) => speedOf(round) / speedOf(base[at]))
  const ratio = ratioOf(against)
  const noise = ratioOf(same)
  return { ratio, control: noise, different: isDifferent(ratio, noise) }
}

function total(rounds, name) {
  return rounds.reduce((sum, round) => sum + round[name], 0)
}
