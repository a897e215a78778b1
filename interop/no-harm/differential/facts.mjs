// Facts about a scenario and its accounts that improvements are said in.
import { roomOf } from '../kit/rooms.mjs'

/** What is seen of the connection as a whole. */
export const OF_CONNECTION = new Set(['ending', 'descriptor', 'time'])

const members = ({ headers }) =>
  String(headers.expect ?? '')
    .split(',')
    .map((member) => member.trim())
    .filter(Boolean)
const modern = ({ version }) => version !== '1.0' && version !== '0.9'

/** RFC 9110 section 10.1.1: the version knows `Expect`, and it says nothing but `100-continue`. */
export function asksRightly(request) {
  const list = members(request)
  return modern(request) && list.length > 0 && list.every((m) => m.toLowerCase() === '100-continue')
}

/** It asks for something else, or in a way that the grammar does not allow. */
export function asksWrongly(request) {
  return modern(request) && members(request).some((m) => m.toLowerCase() !== '100-continue')
}

/** `Expect` is there, and its list is empty. */
export const expectsNothing = (request) =>
  request.headers.expect !== undefined && members(request).length === 0

export const hasContent = (request) =>
  request !== undefined &&
  (request.headers['transfer-encoding'] !== undefined ||
    Number(request.headers['content-length']) > 0)

/** A final before request n said close. */
export const closedBefore = (account, n) =>
  account.requests.slice(0, n).some(({ keeps }) => keeps === 'false')

/** What follows in the same segment is lost with Node, in the next one it is a request. */
export const isUpgrade = ({ headers }) =>
  headers.upgrade !== undefined && /upgrade/i.test(headers.connection ?? '')

/**
 * The answer was given before the content had come: seen so; or the client asked and got no 100; or it
 * is a 417; or Express's own error answer, which waits for the end of the request, and that comes early.
 */
export const comesLater = (request, two, what) =>
  hasContent(request) &&
  (two.early === true ||
    (asksRightly(request) && two.interim === '') ||
    two.status === '417' ||
    (what.integration === 'express' && Number(two.status) >= 400))

/** The first of our finals before request n that says close does so because content was to come. */
export function closedForContent({ accounts, read, n, what }) {
  const at = accounts.ours.requests.slice(0, n).findIndex(({ keeps }) => keeps === 'false')
  return at >= 0 && comesLater(read.requests[at], accounts.ours.requests[at], what)
}

/** Node has read request n and not dispatched it: it answers by itself, with 417 here, unless something cuts that. */
export const refusedByNode = ({ one, plain, n }) =>
  one.status === '417' || (one.dispatched === '0' && (plain.log?.parsed.length ?? 0) > n)

/** Request n left no trace on our side: not dispatched, not answered. */
export const untouched = ({ two }) =>
  (two.dispatched ?? '0') === '0' && (two.status ?? 'none') === 'none'

/**
 * The answer to this request does not end, or ends with the connection. Express cuts the connection of
 * a handler that fails behind its answer.
 */
export const endsNever = (request, what) => roomOf(request) === 'sse' || cuts(request, what)

/** Its handler cuts the connection. */
export function cuts(request, { integration }) {
  const room = roomOf(request)
  return ['destroy', 'between'].includes(room) || (room === 'after' && integration === 'express')
}

/** Rooms that read before they answer, or that begin their answer with a head alone. */
export const READS_FIRST = new Set(['read', 'late', 'iterate', 'half', 'duplex'])
/** Rooms that answer at once, and read meanwhile or later. */
export const READS_ON = new Set(['tee', 'pipe', 'resume', 'copy'])

export const isOwn = (each, n) =>
  each.order === String(n) || (each.order === 'unknown' && !ofNobody(each) && each.status !== '101')
/** An answer that Node gives by itself, to bytes and not to a request. */
export const ofNobody = ({ status, order }) =>
  order === 'unknown' && ['400', '408', '431'].includes(status)

/** A handler reads on behind an answer of ours that said close: the end of the connection waits for it. */
export const readsOnBehindClose = (account, { requests }) =>
  account.requests.some(
    ({ keeps }, n) => keeps === 'false' && READS_ON.has(roomOf(requests[n] ?? { url: '' })),
  )

/** The client writes on behind bytes that are no request: Node answers these and closes, and what comes then is reset. */
export function writesOnBehindBroken({ steps }, { brokenAt }) {
  if (brokenAt === undefined) return false
  let from = 0
  for (const { send } of steps) {
    if (send === undefined) continue
    if (from > brokenAt) return true
    from += send.length
  }
  return false
}
