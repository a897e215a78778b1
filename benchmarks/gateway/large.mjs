// 1 GiB through each side in turn, with the processor time of all three processes: on few cores they
// share, so the time on the clock says less about the relay than its own processor time.
import { busyMsOf } from './usage.mjs'

const GIB = 2 ** 30

/** For each side its uploads, in the order of the rounds. */
export async function measureLarge(sides, ends, rounds) {
  const seen = Object.fromEntries(Object.keys(sides).map((name) => [name, []]))
  const names = Object.keys(sides)
  for (const name of names) await upload(sides[name], ends)
  for (let at = 0; at < rounds; at += 1) {
    for (const name of at % 2 === 0 ? names : names.toReversed()) {
      seen[name].push(await upload(sides[name], ends))
    }
  }
  return seen
}

async function upload({ child, port }, ends) {
  const own = busyMsOf(child)
  const upstream = busyMsOf(ends.child)
  const { ms, busyMs } = await ends.send(port, GIB)
  return {
    ms,
    ownMs: busyMsOf(child) - own,
    clientMs: busyMs,
    upstreamMs: busyMsOf(ends.child) - upstream,
  }
}
