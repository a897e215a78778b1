// What an application hears better: of content, of its end, and of clients that are gone.
import { roomOf } from '../kit/rooms.mjs'
import { asksRightly, cuts, endsNever, OF_CONNECTION, READS_ON, untouched } from './facts.mjs'
import { keptBack, waits } from './places.mjs'

/** Request n was dispatched without us, and not with us: an answer before it has no end. */
const isBehindEndless = ({ accounts, read, what }, n) =>
  accounts.plain.requests[n]?.dispatched === '1' &&
  untouched({ two: accounts.ours.requests[n] ?? {} }) &&
  read.requests
    .slice(0, n)
    .some((request, i) => endsNever(request, what) && accounts.ours.requests[i]?.whole !== 'true')

export const FOR_THE_APPLICATION = [
  {
    id: 'dropped-content-is-over',
    what: 'Content that nobody reads behind an early answer is over with the answer: the request ends or closes then, not when the last byte has been thrown away. Nobody is told that the client left.',
    stands: 'law 3, decision 0011',
    holds: (c) =>
      (c.field === 'events' &&
        c.two.early === true &&
        !/[AX]/.test(c.two.events) &&
        (c.two.events ?? '') !== '') ||
      (c.field === 'content' &&
        c.two.early === true &&
        /^r:0:/.test(c.one.content) &&
        c.request?.length > 0 &&
        !/[1-9]\d*:\w*:end/.test(c.two.content)),
  },
  {
    id: 'a-reader-that-leaves',
    what: 'A handler that leaves its request half-way, and answers, has not lost its client: no `aborted`, no error, and what stands behind it is dispatched.',
    stands: 'law 3',
    holds: (c) =>
      (c.field === 'events' &&
        c.room === 'half' &&
        /A/.test(c.one.events) &&
        !/[AX]/.test(c.two.events) &&
        c.two.order === String(c.n)) ||
      (c.n > 0 &&
        (c.one.dispatched ?? '0') === '0' &&
        c.read.requests
          .slice(0, c.n)
          .some(
            (each, i) => roomOf(each) === 'half' && /A/.test(c.accounts.plain.requests[i]?.events),
          )),
  },
  {
    id: 'read-too-late',
    what: 'Who begins to read a turn after the answer gets nothing once the answer is out: with Node too, unless the answer had to wait behind another.',
    stands: 'law 3, decision 0011',
    holds: (c) =>
      c.room === 'resume' &&
      (c.field === 'content' || c.field === 'events') &&
      (c.n > 0 || /^(r:0:.*)?$/.test(c.one.content ?? '')) &&
      /^(r:0:.*)?$/.test(c.two.content ?? ''),
  },
  {
    id: 'answered-before-content-was-asked-for',
    what: 'A handler that ends its answer before it reads has no use for a 100: a client that waits for it keeps its content.',
    stands: 'law 2, RFC 9110 section 10.1.1',
    holds: (c) =>
      (c.field === 'content' || c.field === 'events') &&
      c.request !== undefined &&
      READS_ON.has(c.room) &&
      asksRightly(c.request) &&
      waits(c) &&
      c.two.interim === '',
  },
  {
    id: 'content-that-was-thrown-away',
    what: 'Who begins to read after the answer gets the content, as it was sent; Node throws it away.',
    stands: 'law 3',
    holds: (c) =>
      (c.field === 'content' &&
        c.one.content === '' &&
        c.two.content === `r:${c.request?.length}:${c.request?.sum}:end`) ||
      (c.field === 'events' && c.two.content?.endsWith(':end') && !c.one.content?.endsWith(':end')),
  },
  {
    id: 'the-end-is-told',
    what: 'A request whose content has come hears its end, and a response that is out has finished. A request without an answer, its response, and who reads on behind an answer hear that the connection is gone; Node is silent to those that wait behind another, and behind an answer.',
    stands: 'law 11',
    holds: (c) =>
      (c.field === 'response' && c.one.response === 'C' && c.two.response === 'c f') ||
      (c.field === 'response' &&
        c.one.response === '' &&
        c.two.response === 'C' &&
        c.two.status === 'none') ||
      (c.field === 'content' &&
        c.one.content === '' &&
        c.two.content.endsWith(':cut') &&
        (!c.request?.complete ||
          keptBack(c) ||
          c.accounts.ours.ending === 'reset' ||
          c.read.requests.some((request) => cuts(request, c.what)))) ||
      (c.field === 'events' && c.two.events === 'E Q' && c.request?.complete) ||
      (c.field === 'events' &&
        c.one.events === '' &&
        (c.two.status === 'none' ||
          (READS_ON.has(c.room) && (!c.request?.complete || keptBack(c))))),
  },
  {
    id: 'behind-an-endless-answer',
    what: 'A request behind an answer that never ends may be dispatched later, at the latest when the connection is gone; its own answer could never be sent.',
    stands: 'law 4',
    holds: (c) =>
      ['events', 'content', 'log', 'response', 'context'].includes(c.field) &&
      c.one.status === 'none' &&
      c.two.status === 'none' &&
      c.read.requests.slice(0, c.n).some((request) => endsNever(request, c.what)),
  },
  {
    id: 'its-turn-never-came',
    what: 'A request is dispatched when the content before it is there. Where that never came whole, or an answer before it has no end, the request behind it is not dispatched; without the library its answer could never be sent. One that would have cut the connection does not cut the answer before it, nor let it look whole where the close is its end.',
    stands: 'law 4',
    holds: (c) =>
      (c.n > 0 &&
        c.one.status === 'none' &&
        untouched(c) &&
        (c.read.broken !== undefined ||
          c.read.requests
            .slice(0, c.n)
            .some((request) => !request.complete || endsNever(request, c.what)))) ||
      (c.field === 'whole' &&
        c.request !== undefined &&
        endsNever(c.request, c.what) &&
        c.read.requests.slice(c.n + 1).some((request) => cuts(request, c.what))) ||
      (OF_CONNECTION.has(c.field) &&
        c.accounts.ours.ending === 'nothing more came' &&
        c.read.requests.some((request, n) => cuts(request, c.what) && isBehindEndless(c, n))),
  },
]
