// One connection of the differential proof, from a seed and a number: what clients of every kind send,
// mostly right, to handlers of every manner. The same goes to both servers.
import { randomOf } from '../kit/random.mjs'
import { makeRequest } from '../kit/requests.mjs'
import { split } from '../kit/splits.mjs'
import { mutate } from '../mutation/mutate.mjs'

const ROOMS = [
  ...['now', 'later', 'slow', 'read', 'late', 'iterate', 'tee', 'pipe', 'resume', 'refuse', 'half'],
  ...['throw', 'reject', 'between', 'after', 'duplex', 'copy', 'sse', 'destroy', 'none/here'],
  ...['read', 'late', 'iterate', 'tee', 'pipe'],
]

export function makeScenario(seed, index) {
  const r = randomOf(seed, index)
  const count = r.weighted([
    [5, 1],
    [4, 2],
    [4, 3],
    [1, 4],
  ])
  const rooms = ROOMS.map((room) => (r.chance(0.3) ? `${room}?e` : room))
  const requests = Array.from({ length: count }, (_, i) =>
    makeRequest(r, { rooms, last: i === count - 1 }),
  )
  const spoilt = r.chance(0.15)
  const bytes = Buffer.concat(requests.flatMap(({ head, content }) => [head, content]))
  let steps
  if (spoilt) steps = split(mutate(bytes, r), r)
  else if (r.chance(0.5)) steps = split(bytes, r)
  else steps = requests.flatMap((request, i) => politely(request, i, r))
  return {
    door: r.weighted([
      [12, 'open'],
      [2, 'outcome'],
      [2, 'upgrade'],
    ]),
    requests: count,
    steps,
    end: r.weighted([
      [80, 'wait'],
      [8, 'fin'],
      [4, 'rst'],
      [6, 'close'],
      [2, 'silence'],
    ]),
    endAfterMs: r.weighted([
      [4, 0],
      [3, 2],
      [1, 20],
    ]),
  }
}

/** Waits for the answer of what it asked before it sends the content. */
function politely({ head, content, asks }, behind, r) {
  const whole = Buffer.concat([head, content])
  if (content.length === 0 || (!asks && r.chance(0.5))) return split(whole, r)
  if (!asks) return [...split(head, r), { pause: r.between(0, 5) }, ...split(content, r)]
  return [{ send: head }, { await: 10, behind }, ...split(content, r)]
}
