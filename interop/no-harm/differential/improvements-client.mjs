// What a client sees better: its answers, their order, and the end of the connection.
import { roomOf } from '../kit/rooms.mjs'
import {
  asksRightly,
  asksWrongly,
  closedBefore,
  closedForContent,
  comesLater,
  endsNever,
  expectsNothing,
  hasContent,
  isOwn,
  isUpgrade,
  ofNobody,
  READS_FIRST,
  readsOnBehindClose,
  refusedByNode,
  untouched,
} from './facts.mjs'
import { brokenAtOnce, inOneSegment, keptBack, keptBackPlain, waits } from './places.mjs'

/** What is seen of the connection as a whole. */
const OF_CONNECTION = new Set(['ending', 'descriptor', 'time'])
/** What only a handler that is dispatched does and hears. */
const OF_APPLICATION = new Set(['dispatched', 'content', 'events'])
/** What a handler hears of content, and of a client that leaves in the midst of it. */
const OF_CONTENT = new Set(['content', 'events'])

/** Bytes of content that a request keeps before the socket is no longer read: the least of all Node lines. */
const KEPT_UNREAD = 16_384

/** The first bytes of an answer; what is kept of a body may break off in them. */
const beginsAnswer = (text) =>
  /^HTTP\/1\.1 4\d\d /.test(text) || (text !== '' && 'HTTP/1.1 400 '.startsWith(text))

/** Node refuses it below an application that would never end its answer. */
const endlessButRefused = (what, plain) => (request, n) =>
  asksWrongly(request) && endsNever(request, what) && plain.requests[n]?.status === '417'

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

export const FOR_THE_CLIENT = [
  {
    id: 'refused-417',
    what: 'An expectation that is unknown or that the grammar does not allow gets 417 from the gate, with a reason, where Node answers with a bare one or lets it pass.',
    stands: 'law 6, decision 0002, RFC 9110 section 10.1.1',
    holds: ({ what, request, two, field }) =>
      what.mode === 'gated' &&
      request !== undefined &&
      asksWrongly(request) &&
      (two.status === '417' || (two.dispatched === '0' && OF_APPLICATION.has(field))),
  },
  {
    id: 'no-417-below-the-application',
    what: 'On a server that is attached and has no gate, an expectation that Node refuses below the application reaches it, also one that never ends its answer.',
    stands: 'law 7, decision 0009',
    holds: (c) =>
      c.what.mode === 'attached' &&
      (c.request === undefined
        ? OF_CONNECTION.has(c.field) &&
          c.read.requests.some(endlessButRefused(c.what, c.accounts.plain))
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
    id: 'nothing-behind-a-close',
    what: 'Behind an answer that says close nothing is dispatched; Node runs the handlers of what came in the same segment, and throws their answers away.',
    stands: 'law 4, RFC 9112 section 9.6',
    holds: (c) =>
      c.n !== undefined &&
      closedBefore(c.accounts.ours, c.n) &&
      untouched(c) &&
      (c.one.status === 'none' || ofNobody(c.one) || closedForContent(c)),
  },
  {
    id: 'close-while-content-is-coming',
    what: 'An answer that is given before the content has come says close, so that no client takes its own content for a request. Content that is there in the segment of the head counts as received.',
    stands: 'law 4, decision 0004, RFC 9112 section 9.6',
    holds: (c) =>
      c.field === 'keeps' &&
      c.two.keeps === 'false' &&
      comesLater(c.request, c.two, c.what) &&
      !inOneSegment(c),
  },
  {
    id: 'kept-after-expect',
    what: 'The connection is kept when all content was received, whether or not a 100 was sent.',
    stands: 'law 4',
    holds: (c) =>
      c.field === 'keeps' && c.two.keeps === 'true' && c.request?.headers.expect !== undefined,
  },
  {
    id: 'an-answer-where-there-was-none',
    what: 'A request gets its answer where it was lost without the library: in a reset, in bytes that are no response, behind a close that nobody had to make, or pushed out by an answer to bytes that came later.',
    stands: 'law 3',
    holds: (c) =>
      c.n !== undefined &&
      ((c.accounts.plain.garbage === 'some' && c.accounts.ours.garbage === 'none') ||
        (isOwn(c.two, c.n) && ofNobody(c.one)) ||
        (isOwn(c.two, c.n) &&
          c.two.whole !== 'false' &&
          c.room !== 'destroy' &&
          (c.one.status === 'none' || c.one.whole === 'false' || !isOwn(c.one, c.n)))),
  },
  {
    id: 'in-order-where-there-was-a-reset',
    what: 'The connection ends in order, or is kept, where it was reset or fell silent without the library; or it ends where it stayed open behind its client.',
    stands: 'laws 3 and 11',
    holds: (c) =>
      (c.field === 'ending' && c.accounts.plain.ending === 'never') ||
      (c.field === 'ending' &&
        c.accounts.plain.ending !== 'in order' &&
        c.accounts.ours.ending === 'in order') ||
      (c.field === 'garbage' && c.accounts.ours.garbage === 'none') ||
      (c.field === 'descriptor' && c.accounts.ours.descriptor === 'returns'),
  },
  {
    id: 'not-cut-by-what-comes-behind',
    what: 'Bytes that are no request do not cut the answer before them. One that its handler never ends stays open then, as it does without these bytes.',
    stands: 'law 3',
    holds: ({ field, read, what, accounts }) =>
      OF_CONNECTION.has(field) &&
      read.broken !== undefined &&
      (field !== 'ending' || accounts.ours.ending === 'nothing more came') &&
      read.requests.some((request) => endsNever(request, what)),
  },
  {
    id: 'close-before-broken-bytes',
    what: 'An answer behind which there are bytes that are no request says close, in place of a second answer to them.',
    stands: 'law 4, RFC 9112 section 9.6',
    holds: (c) =>
      c.field === 'keeps' &&
      c.two.keeps === 'false' &&
      c.read.broken !== undefined &&
      c.n === c.read.requests.length - 1,
  },
  {
    id: 'refused-framing',
    what: 'A request that Node answers with 400 a moment after it was dispatched, unless a handler was quicker, because its framing is no framing, gets its 400 from the gate and is not dispatched; on a server that is attached the 400 comes in place of a bare 417.',
    stands: 'RFC 9112 section 6.3',
    holds: (c) =>
      c.request?.complete === false &&
      c.two.status === '400' &&
      c.read.broken !== undefined &&
      (c.what.mode === 'gated'
        ? c.one.status === '400' || c.read.broken === 'HPE_INVALID_TRANSFER_ENCODING'
        : c.one.status === '417' && c.read.broken === 'HPE_INVALID_TRANSFER_ENCODING'),
  },
  {
    id: 'one-host',
    what: 'A request with more than one `Host` gets 400 from the gate.',
    stands: 'RFC 9112 section 3.2',
    holds: (c) => c.what.mode === 'gated' && c.request?.hosts > 1 && c.two.status === '400',
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
    id: 'broken-off',
    what: 'A client that ends in the middle of its content gets the 400 for it, and no answer that was given a moment before. Node does not miss the rest of a request with `Upgrade` that nobody takes: it ends the connection with the client, and an answer that comes a moment later is lost.',
    stands: 'RFC 9112 section 8',
    holds: (c) =>
      c.request?.complete === false &&
      ((isUpgrade(c.request) && c.two.status === 'none') ||
        (ofNobody(c.two) &&
          (ofNobody(c.accounts.plain.requests[c.n + 1] ?? {}) ||
            c.one.keeps === 'false' ||
            (c.field === 'response' && ofNobody(c.one))))),
  },
  {
    id: 'reads-on-behind-a-close',
    what: 'An answer that says close while a handler still reads is followed by FIN when the content is there or the linger is over, not at once.',
    stands: 'law 3',
    holds: (c) => c.field === 'ending' && readsOnBehindClose(c.accounts.ours, c.read),
  },
  {
    id: 'no-second-answer',
    what: 'There is one 400 for broken content, none is written into an answer, and none behind an answer that goes out in the moment in which the bytes come: the reset that follows it would take the answer along. Where a 417 of Node left content behind to be taken for a request, there is no such request, and none for it.',
    stands: 'laws 3 and 4, decision 0004',
    holds: (c) =>
      (c.field === 'body' &&
        c.one.body?.startsWith(c.two.body ?? ' ') &&
        beginsAnswer(c.one.body.slice(c.two.body.length))) ||
      ((c.request === undefined || keptBack(c)) &&
        ofNobody(c.one) &&
        untouched(c) &&
        (ofNobody(c.accounts.ours.requests[c.n - 1] ?? {}) ||
          c.read.requests[c.n - 1]?.complete === false ||
          (c.n === c.read.requests.length && brokenAtOnce(c)) ||
          keptBack(c) ||
          c.read.requests.some((request) => expectsNothing(request) || asksWrongly(request)))),
  },
  {
    id: 'empty-expect',
    what: 'An `Expect` with an empty list expects nothing; Node answers it with 417, and what stands behind it is lost where the client keeps its content then.',
    stands: 'decision 0002, RFC 9110 sections 5.6.1 and 10.1.1',
    holds: (c) =>
      c.request !== undefined &&
      ((expectsNothing(c.request) && refusedByNode(c)) ||
        ((c.one.dispatched ?? '0') === '0' &&
          c.read.requests
            .slice(0, c.n)
            .some(
              (each, i) => expectsNothing(each) && c.accounts.plain.requests[i]?.status === '417',
            ))),
  },
  {
    id: 'told-what-was-wrong',
    what: 'Bytes that are no request, or not all of it, are answered with 400 where the connection was cut without a word.',
    stands: 'law 3',
    holds: (c) =>
      c.n !== undefined &&
      ((c.one.status ?? 'none') === 'none' || c.one.whole === 'false') &&
      c.two.status === '400' &&
      (c.read.broken !== undefined || c.request?.complete === false),
  },
]
