// Takes from the differences of a pair those that are improvements, and counts which were needed.
import { roomOf } from '../kit/rooms.mjs'
import { endsNever } from './facts.mjs'
import { IMPROVEMENTS } from './improvements.mjs'

/**
 * Whether requests behind a cut had their answers a moment before it, and how much of an answer got out before somebody cut it (the handler, or bytes that end the connection)
 * is a matter of moments, with and without the library.
 */
const CLIENTS = ['status', 'fields', 'body', 'whole', 'keeps', 'order', 'interim', 'response']
function undecided({ field, n, one, two, request, read, accounts, what }) {
  const cuts = (each) => endsNever(each, what)
  const worse = accounts.ours.ending === 'nothing more came'
  // Bytes behind an answer that said close, and arrived, may meet a closed connection.
  const last = accounts.ours.requests.findLast(({ status }) => status !== 'none')
  const over = last?.keeps === 'false' && last.whole === 'true'
  if (field === 'ending') return !worse && (over || read.requests.some(cuts))
  if (n === undefined) return false
  const behind = read.requests.slice(0, n).some(cuts)
  if (behind && (one.status === 'none' || two.status === 'none' || two.status === undefined))
    return true
  const broken = read.broken !== undefined || request?.complete === false
  if (field === 'log' && broken) return true
  // A 100 that is right, or not, a moment before the content turns out to be broken.
  if (field === 'interim' && broken && request?.complete === false) return true
  // Fastify answers broken bytes by writing to the socket, whatever has been written before.
  if (what.integration === 'fastify' && field === 'body' && request && cuts(request)) return true
  const cut = (request !== undefined && cuts(request)) || read.broken !== undefined
  return cut && CLIENTS.includes(field) && one.whole !== 'true' && two.whole !== 'true'
}

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
      one: accounts.plain.requests[n] ?? {},
      two: accounts.ours.requests[n] ?? {},
      accounts,
      read,
      scenario,
      plain,
      ours,
      what,
    }
    if (undecided(context)) return false
    const why = IMPROVEMENTS.find(({ holds }) => holds(context))
    if (why !== undefined) used.set(why.id, (used.get(why.id) ?? 0) + 1)
    return why === undefined
  })
  return unexplained.map((difference) => {
    const request = read.requests[difference.n]
    return { ...difference, room: request && roomOf(request) }
  })
}
