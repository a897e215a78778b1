// What a client sees better: its answers, their order, and the end of the connection.
import {
  asksWrongly,
  closedBefore,
  closedForContent,
  comesLater,
  endsNever,
  expectsNothing,
  isOwn,
  isUpgrade,
  OF_CONNECTION,
  ofNobody,
  readsOnBehindClose,
  untouched,
} from './facts.mjs'
import { brokenAtOnce, inOneSegment, keptBack } from './places.mjs'

/** The first bytes of an answer; what is kept of a body may break off in them. */
const beginsAnswer = (text) =>
  /^HTTP\/1\.1 4\d\d /.test(text) || (text !== '' && 'HTTP/1.1 400 '.startsWith(text))

export const FOR_THE_CLIENT = [
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
    what: 'An answer that is given before the content has come says close, so that no client takes its own content for a request. Content that is there in the segment of the head counts as received. One that is no error, and whose handler begins to read behind `writeHead`, says close only where nobody reads when its first byte goes out (`flushHeaders`, `write`, `end`), or where the application has set `Connection` itself.',
    stands: 'law 4, decision 0004, RFC 9112 section 9.6',
    holds: (c) =>
      c.field === 'keeps' &&
      c.two.keeps === 'false' &&
      comesLater(c.request, c.two, c.what) &&
      !inOneSegment(c),
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
    what: 'The connection ends in order, or is kept, where it was reset or fell silent without the library; or it ends where it stayed open behind its client, or in a reset by bytes that are no request, which the client did not come to send where an answer out of turn was no response to it.',
    stands: 'laws 3 and 11',
    holds: (c) =>
      (c.field === 'ending' && c.accounts.plain.ending === 'never') ||
      (c.field === 'ending' &&
        c.accounts.plain.ending !== 'in order' &&
        c.accounts.ours.ending === 'in order') ||
      (c.field === 'ending' &&
        c.read.broken !== undefined &&
        c.accounts.plain.garbage === 'some' &&
        c.accounts.ours.garbage === 'none') ||
      (c.field === 'garbage' && c.accounts.ours.garbage === 'none') ||
      (c.field === 'descriptor' && c.accounts.ours.descriptor === 'returns'),
  },
  {
    id: 'not-cut-by-what-comes-behind',
    what: 'Bytes that are no request do not cut the answer before them. One that its handler never ends stays open then, as it does without these bytes; where the close is its end, Node lets it look whole.',
    stands: 'law 3',
    holds: ({ field, request, read, what, accounts }) =>
      read.broken !== undefined &&
      (request === undefined
        ? OF_CONNECTION.has(field) &&
          (field !== 'ending' || accounts.ours.ending === 'nothing more came') &&
          read.requests.some((each) => endsNever(each, what))
        : field === 'whole' && endsNever(request, what)),
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
    what: 'A request that Node answers with 400 a moment after it was dispatched, unless a handler was quicker, because its framing is no framing, gets its 400 from the gate and is not dispatched; on a server that is attached the 400 comes in place of a bare 417. A `Transfer-Encoding` that names no coding is none either; Node takes it for no content.',
    stands: 'RFC 9112 section 6.3',
    holds: (c) =>
      (c.what.mode === 'gated' &&
        c.two.status === '400' &&
        c.request?.headers['transfer-encoding']?.trim() === '') ||
      (c.request?.complete === false &&
        c.two.status === '400' &&
        c.read.broken !== undefined &&
        (c.what.mode === 'gated'
          ? c.one.status === '400' || c.read.broken === 'HPE_INVALID_TRANSFER_ENCODING'
          : c.one.status === '417' && c.read.broken === 'HPE_INVALID_TRANSFER_ENCODING')),
  },
  {
    id: 'one-host',
    what: 'A request with more than one `Host` gets 400 from the gate.',
    stands: 'RFC 9112 section 3.2',
    holds: (c) => c.what.mode === 'gated' && c.request?.hosts > 1 && c.two.status === '400',
  },
  {
    id: 'broken-off',
    what: 'A client that ends in the middle of its content gets the 400 for it, and no answer that was given a moment before, also not the 417 that Node gives to the head alone. Node does not miss the rest of a request with `Upgrade` that nobody takes: it ends the connection with the client, and an answer that comes a moment later is lost.',
    stands: 'RFC 9112 section 8',
    holds: (c) =>
      c.request?.complete === false &&
      ((isUpgrade(c.request) && c.two.status === 'none') ||
        (ofNobody(c.two) &&
          (ofNobody(c.accounts.plain.requests[c.n + 1] ?? {}) ||
            c.one.keeps === 'false' ||
            (c.one.status === '417' && asksWrongly(c.request)) ||
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
    id: 'told-what-was-wrong',
    what: 'Bytes that are no request, or not all of it, are answered with 400 where the connection was cut without a word.',
    stands: 'law 3',
    holds: (c) =>
      c.n !== undefined &&
      ((c.one.status ?? 'none') === 'none' || c.one.whole === 'false') &&
      c.two.status === '400' &&
      (c.read.broken !== undefined ||
        c.request?.complete === false ||
        (c.read.half && c.scenario.end === 'fin')),
  },
]
