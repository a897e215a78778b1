// A small seeded generator (mulberry32): the same seed and number give the same scenario, everywhere.

export function randomOf(seed, index) {
  let state = (Math.imul(seed ^ 0x9e3779b9, 0x85ebca6b) ^ Math.imul(index + 1, 0xc2b2ae35)) >>> 0
  const next = () => {
    state = (state + 0x6d2b79f5) >>> 0
    let t = state
    t = Math.imul(t ^ (t >>> 15), t | 1)
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61)
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296
  }
  for (let i = 0; i < 4; i++) next()
  const below = (n) => Math.floor(next() * n)
  const pick = (list) => list[below(list.length)]
  const chance = (share) => next() < share
  const between = (least, most) => least + below(most - least + 1)
  /** `[[weight, value], …]` */
  const weighted = (rows) => {
    let rest = next() * rows.reduce((sum, [weight]) => sum + weight, 0)
    for (const [weight, value] of rows) {
      rest -= weight
      if (rest < 0) return value
    }
    return rows.at(-1)[1]
  }
  return { next, below, pick, chance, between, weighted }
}
