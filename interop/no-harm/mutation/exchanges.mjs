// One connection of the mutation proof, from a seed and a number: real exchanges, mutated, split and
// ended somehow. The same numbers always give the same bytes.
import { randomOf } from '../kit/random.mjs'
import { makeRequest } from '../kit/requests.mjs'
import { split } from '../kit/splits.mjs'
import { mutate } from './mutate.mjs'

const ROOMS = [
  'now',
  'later',
  'slow',
  'read',
  'late',
  'iterate',
  'tee',
  'pipe',
  'resume',
  'refuse',
  'throw',
  'reject',
  'half',
  'duplex',
  'copy',
  'read',
  'late',
  'later',
  'none/here',
  'sse',
  'destroy',
]

export function makeScenario(seed, index) {
  const r = randomOf(seed, index)
  const count = r.weighted([
    [4, 1],
    [3, 2],
    [4, 3],
    [2, 4],
  ])
  const requests = Array.from({ length: count }, (_, i) =>
    makeRequest(r, { rooms: ROOMS, last: i === count - 1 }),
  )
  const mutations = r.weighted([
    [6, 0],
    [7, 1],
    [3, 2],
    [1, 4],
  ])
  const waits = mutations === 0 && r.chance(0.5)
  let steps
  if (waits) steps = politeSteps(requests, r)
  else {
    let bytes = Buffer.concat(requests.flatMap(({ head, content }) => [head, content]))
    for (let n = 0; n < mutations; n++) bytes = mutate(bytes, r)
    steps = split(bytes, r)
  }
  const end = r.weighted([
    [60, 'wait'],
    [14, 'fin'],
    [12, 'rst'],
    [12, 'close'],
    [2, 'silence'],
  ])
  return {
    door: r.chance(0.75) ? 'open' : 'limited',
    requests: count,
    steps,
    end,
    endAfterMs: r.weighted([
      [4, 0],
      [3, 2],
      [1, 20],
    ]),
  }
}

/** A client that asks, and waits for the answer, so many beats, before it sends content. */
function politeSteps(requests, r) {
  return requests.flatMap(({ head, content, asks }, behind) => {
    if (!asks) return split(Buffer.concat([head, content]), r)
    const rest = content.length > 0 ? split(content, r) : []
    return [...split(head, r), { await: 3, behind }, ...rest]
  })
}
