// What is a matter of moments with and without the library, and is not compared; docs/no-harm.md shows it.
// A predicate gets what those of improvements get.
import { roomOf } from '../kit/rooms.mjs'
import {
  closedBefore,
  endsNever,
  hasContent,
  isUpgrade,
  ofNobody,
  writesOnBehindBroken,
} from './facts.mjs'
import { keptBack } from './places.mjs'

/** Fields that the client sees of one request, and whether its response was handed over. */
const CLIENTS = new Set([
  ...['status', 'fields', 'body', 'whole', 'keeps', 'order', 'interim', 'response'],
])
const ANSWERS_AT_ONCE = new Set(['now', 'later', 'refuse', 'throw', 'reject', 'tee', 'pipe'])
/** What tells how much of an answer got out, and what its handler heard of that. */
const OF_THE_END = new Set(['whole', 'response', 'body', 'events'])
/** One of two answers got out further than the other. The end of one that only a close ends looks like any other. */
const differ = (one, two) =>
  one.whole !== two.whole ||
  (one.body !== two.body && (one.body?.startsWith(two.body) || two.body?.startsWith(one.body)))
const none = ({ status = 'none' }) => status === 'none'
const unfinished = (read) =>
  read.broken !== undefined || read.requests.some(({ complete }) => !complete)
const upgradeAt = ({ read }) => read.requests.findIndex(isUpgrade)
/** How a connection ends on bytes that are no request, or Node's own answer to them. */
const isOfBrokenBytes = ({ field, one, two, read }) =>
  read.broken !== undefined && (field === 'ending' || ofNobody(one) || ofNobody(two))
const isFastify = ({ what }) => what.integration === 'fastify'

export const MOMENTS = [
  {
    what: 'how much of an answer got out before somebody cut it: the handler, or bytes that end the connection',
    holds: ({ field, one, two, request, read, what }) =>
      CLIENTS.has(field) &&
      ((one.whole !== 'true' && two.whole !== 'true') || ofNobody(one)) &&
      ((request !== undefined && endsNever(request, what)) ||
        (read.broken !== undefined && one.whole !== 'true') ||
        (field === 'body' && request?.complete === false)),
  },
  {
    what: 'whether a request had its turn before an earlier one cut the connection, or began an answer without an end, and whether its own was whole by then',
    holds: ({ field, n, one, two, read, what }) =>
      n !== undefined &&
      read.requests.slice(0, n).some((each) => endsNever(each, what)) &&
      (none(one) || none(two) || (OF_THE_END.has(field) && differ(one, two))),
  },
  {
    what: 'whether an answer was out, and its request read, before a later request cut the connection, unless a handler that answers at once had it out without the library',
    holds: ({ field, n, one, two, room, read, what }) =>
      n !== undefined &&
      !(ANSWERS_AT_ONCE.has(room) && one.whole === 'true' && none(two)) &&
      (field === 'log' ||
        (none(two) && (CLIENTS.has(field) || field === 'events' || field === 'content'))) &&
      read.requests.slice(n + 1).some((each) => endsNever(each, what) && roomOf(each) !== 'sse'),
  },
  {
    what: 'whether a request without content that waited behind an upload (decision 0017) is answered before bytes come behind it that are no request',
    holds: ({ n, request, two, read }) =>
      request !== undefined &&
      read.broken !== undefined &&
      n === read.requests.length - 1 &&
      !hasContent(request) &&
      ofNobody(two) &&
      read.requests.slice(0, n).some(hasContent),
  },
  {
    what: 'how a connection ends that a handler cuts, or on which bytes come behind an answer that said close, and arrived',
    holds: ({ field, read, what, accounts }) => {
      if (field !== 'ending' || accounts.ours.ending === 'nothing more came') return false
      const last = accounts.ours.requests.findLast((each) => !none(each))
      const over = last?.keeps === 'false' && last.whole === 'true'
      return over || read.requests.some((each) => endsNever(each, what))
    },
  },
  {
    what: 'what becomes of a request behind an answer that says close on both sides',
    holds: ({ n, one, two, accounts }) =>
      n !== undefined &&
      closedBefore(accounts.plain, n) &&
      closedBefore(accounts.ours, n) &&
      [one, two].every((each) => none(each) || each.status === '400'),
  },
  {
    what: "whether Node's answer to a connection without any request outruns the reset that follows it",
    holds: (c) => c.read.requests.length === 0 && isOfBrokenBytes(c),
  },
  {
    what: 'the same behind answers that have arrived, where the client writes on behind bytes that are no request',
    holds: (c) =>
      (c.n === undefined || c.n >= c.read.requests.length) &&
      writesOnBehindBroken(c.scenario, c.read) &&
      isOfBrokenBytes(c) &&
      [c.accounts.plain, c.accounts.ours].every(({ requests }) =>
        c.read.requests.every((_, at) => requests[at]?.whole === 'true'),
      ),
  },
  {
    what: 'what becomes of bytes behind an upgrade, and of responses that are under way when it takes the socket',
    holds: (c) => {
      const at = upgradeAt(c)
      if (at < 0) return false
      if (c.n === undefined || c.n > at) return c.field !== 'process'
      if (c.n === at) return at > 0
      return [c.one.status, c.two.status].includes('101')
    },
  },
  {
    what: 'log lines, and a 100, of a request whose bytes turn out to be broken, and log lines of one that cuts the connection',
    holds: ({ field, request, read, what }) =>
      (field === 'log' &&
        (read.broken !== undefined ||
          (request !== undefined && (!request.complete || endsNever(request, what))))) ||
      (field === 'interim' && request?.complete === false),
  },
  {
    what: 'what Fastify writes to the socket for broken bytes, into whatever answer is under way',
    holds: (c) =>
      isFastify(c) &&
      ((c.field === 'garbage' && (unfinished(c.read) || keptBack(c))) ||
        (c.field === 'body' && c.request !== undefined && endsNever(c.request, c.what))),
  },
]
