// What follows from reading expectations as RFC 9110 section 10.1.1 has it: 100s, 417s, and what becomes of
// content that a client sends, or keeps, because of them.
import { roomOf } from '../kit/rooms.mjs'
import {
  asksRightly,
  asksWrongly,
  endsNever,
  expectsNothing,
  hasContent,
  isUpgrade,
  OF_CONNECTION,
  ofNobody,
  READS_FIRST,
  refusedByNode,
  untouched,
} from './facts.mjs'
import { keptBack, keptBackPlain, waits } from './places.mjs'

/** What only a handler that is dispatched does and hears. */
const OF_APPLICATION = new Set(['dispatched', 'content', 'events'])

/** What a handler hears of content, and of a client that leaves in the midst of it. */
const OF_CONTENT = new Set(['content', 'events'])

/** Bytes of content that a request keeps before the socket is no longer read: the least of all Node lines. */
const KEPT_UNREAD = 16_384

/** Node refuses it below an application that would never end its answer; a client that resets may not see that. */
const isEndlessButRefused =
  ({ what, read, accounts }) =>
  (request) => {
    const { status, dispatched } = accounts.plain.requests[read.requests.indexOf(request)] ?? {}
    return endsNever(request, what) && dispatched === '0' && ['417', 'none'].includes(status)
  }

/** Node never reads it: behind its own 417 the content of the request before is no request. */
const isEndlessBehindRefused =
  ({ what, read, accounts }) =>
  (request, i) =>
    endsNever(request, what) &&
    (accounts.plain.requests[i]?.dispatched ?? '0') === '0' &&
    read.requests.slice(0, i).some(asksWrongly)

/** Our 417 kept the connection, and the answer of the application that it stands in for did not. */
const isKeptByUsAlone =
  ({ accounts }) =>
  (request, i) =>
    asksWrongly(request) &&
    accounts.ours.requests[i]?.status === '417' &&
    accounts.ours.requests[i]?.keeps === 'true' &&
    accounts.plain.requests[i]?.keeps === 'false'

/** Request i is of another major version, and got its 100 from us and none from Node. */
const isCalledByUsAlone = ({ accounts }, request, i) =>
  !/^[01]/.test(request.version) &&
  asksRightly(request) &&
  accounts.ours.requests[i]?.interim === '100' &&
  accounts.plain.requests[i]?.interim === ''

/** The 100, or what it changes that the client sent the content of request i to us alone. */
function followsFromContent(c, request, i) {
  if (c.n === i && c.field === 'interim') return true
  if (!keptBackPlain(c)) return false
  if (c.n === undefined) return OF_CONNECTION.has(c.field) && endsNever(request, c.what)
  if (c.n === i) return OF_CONTENT.has(c.field) || endsNever(request, c.what)
  return c.n > i && ofNobody(c.one) && untouched(c)
}

export const OF_EXPECTATIONS = [
  {
    id: 'refused-417',
    what: 'An expectation that is unknown or that the grammar does not allow gets 417 from the gate, with a reason, where Node answers with a bare one or lets it pass. What stands behind it is dispatched, also where the answer of the application would have said close.',
    stands: 'law 6, decision 0002, RFC 9110 section 10.1.1',
    holds: (c) =>
      c.what.mode === 'gated' &&
      c.request !== undefined &&
      ((asksWrongly(c.request) &&
        (c.two.status === '417' || (c.two.dispatched === '0' && OF_APPLICATION.has(c.field)))) ||
        (c.one.dispatched === '0' && c.read.requests.slice(0, c.n).some(isKeptByUsAlone(c)))),
  },
  {
    id: 'no-417-below-the-application',
    what: 'On a server that is attached and has no gate, an expectation that Node refuses below the application reaches it, also one that never ends its answer; what comes behind its content is dispatched, and not taken for broken bytes.',
    stands: 'law 7, decision 0009',
    holds: (c) =>
      c.what.mode === 'attached' &&
      (c.request === undefined
        ? OF_CONNECTION.has(c.field) &&
          (c.read.requests.filter(asksWrongly).some(isEndlessButRefused(c)) ||
            c.read.requests.some(isEndlessBehindRefused(c)))
        : (asksWrongly(c.request) && refusedByNode(c)) ||
          ((c.one.status === 'none' || ofNobody(c.one)) &&
            c.read.requests.slice(0, c.n).some(asksWrongly))),
  },
  {
    id: 'no-100-for-nothing',
    what: 'No 100 where nobody reads, where there is no content, where the content is there already, or for what only resembles `100-continue`. Where an answer without an end leaves more content unread than a request keeps, Node does not hear that the client left, unless what it wrote for nothing is reset.',
    stands: 'law 2, decision 0001, RFC 9110 section 10.1.1',
    holds: (c) =>
      (c.field === 'descriptor' &&
        ['rst', 'close'].includes(c.scenario.end) &&
        c.read.requests.some(
          (each) => asksRightly(each) && roomOf(each) === 'sse' && each.length >= KEPT_UNREAD,
        )) ||
      (c.one.interim === '100' &&
        c.two.interim === '' &&
        c.request !== undefined &&
        (c.field === 'interim'
          ? !(
              asksRightly(c.request) &&
              hasContent(c.request) &&
              READS_FIRST.has(c.room) &&
              waits(c)
            )
          : // A client that waits for it has kept its content.
            ['content', 'events'].includes(c.field) &&
            asksWrongly(c.request) &&
            waits(c) &&
            keptBack(c))),
  },
  {
    id: 'kept-after-expect',
    what: 'The connection is kept when all content was received, whether or not a 100 was sent.',
    stands: 'law 4',
    holds: (c) =>
      c.field === 'keeps' && c.two.keeps === 'true' && c.request?.headers.expect !== undefined,
  },
  {
    id: 'continue-before-upgrade',
    what: 'An upgrade whose request asks for it gets its 100 before the 101.',
    stands: 'RFC 9110 section 7.8',
    holds: (c) =>
      c.field === 'interim' &&
      c.two.interim === '100' &&
      c.two.status === '101' &&
      c.read.requests.some((each) => isUpgrade(each) && asksRightly(each) && hasContent(each)),
  },
  {
    id: 'other-major-versions',
    what: 'A request whose version has another major number is read as HTTP/1.1, and its expectation with it. A client that got no 100 from Node, and its answer, keeps the content, and what it ends with is half a request.',
    stands: 'law 0, RFC 9110 section 2.5',
    holds: (c) =>
      c.read.requests.some(
        (request, i) => isCalledByUsAlone(c, request, i) && followsFromContent(c, request, i),
      ),
  },
  {
    id: 'empty-expect',
    what: 'An `Expect` with an empty list expects nothing; Node answers it with 417, and what stands behind it is lost where the client keeps its content then.',
    stands: 'decision 0002, RFC 9110 sections 5.6.1 and 10.1.1',
    holds: (c) =>
      (OF_CONNECTION.has(c.field) &&
        (c.read.requests.filter(expectsNothing).some(isEndlessButRefused(c)) ||
          (keptBackPlain(c) && c.read.requests.some(expectsNothing)))) ||
      (c.request !== undefined &&
        ((expectsNothing(c.request) && refusedByNode(c)) ||
          ((c.one.dispatched ?? '0') === '0' &&
            c.read.requests
              .slice(0, c.n)
              .some(
                (each, i) => expectsNothing(each) && c.accounts.plain.requests[i]?.status === '417',
              )))),
  },
]
