// Takes from the differences of a pair what is a matter of moments, and the improvements, and counts
// which of these were needed.
import { roomOf } from '../kit/rooms.mjs'
import { NOTHING } from './account.mjs'
import { IMPROVEMENTS } from './improvements.mjs'
import { MOMENTS } from './moments.mjs'

export function explain({ plain, ours, accounts, differences }, used) {
  const { scenario, read, what } = ours
  const unexplained = differences.filter((difference) => {
    const { n } = difference
    const request = n === undefined ? undefined : read.requests[n]
    const context = {
      difference,
      field: difference.field,
      n,
      request,
      room: request && roomOf(request),
      one: accounts.plain.requests[n] ?? NOTHING,
      two: accounts.ours.requests[n] ?? NOTHING,
      accounts,
      read,
      scenario,
      plain,
      ours,
      what,
    }
    if (MOMENTS.some(({ holds }) => holds(context))) return false
    const why = IMPROVEMENTS.find(({ holds }) => holds(context))
    if (why !== undefined) used.set(why.id, (used.get(why.id) ?? 0) + 1)
    return why === undefined
  })
  return unexplained.map((difference) => {
    const request = read.requests[difference.n]
    return { ...difference, room: request && roomOf(request) }
  })
}
