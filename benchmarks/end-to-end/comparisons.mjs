// Who is measured against whom, in which cases, and what the ratio has to reach.

/**
 * `settling`: how many warm-ups it takes until V8 compiles nothing anew. Large uploads take most: their
 * chunks are few in a second, and before they have settled the gate looks up to a third slower.
 * `once`: nothing to reach, so that fewer processes do.
 */
const CASES = {
  get: { title: 'GET, no content', lanes: 24, target: 0.98 },
  small: { title: 'POST of 1 KiB', lanes: 24, target: 0.95, settling: 1.6 },
  expected: { title: 'upload of 16 KiB with `Expect`, accepted', lanes: 24, target: 0.95 },
  refusedExpecting: { title: 'refused with `Expect`', lanes: 24, target: 1, settling: 1.3 },
  refusedSending: { title: 'refused while it sends', lanes: 24, target: undefined, once: true },
  notFound: { title: '404 with content of 1 KiB', lanes: 24, target: undefined, once: true },
  large: { title: 'large upload, accepted', lanes: 2, target: 0.99, settling: 2.6 },
}

const ALL = Object.keys(CASES)

export const COMPARISONS = [
  { title: 'Express', base: 'express:bare', rival: 'express:gate', cases: ALL },
  { title: 'Koa', base: 'koa:bare', rival: 'koa:gate', cases: ALL },
  { title: 'Fastify', base: 'fastify:bare', rival: 'fastify:gate', cases: ALL },
  {
    title: 'node:http',
    base: 'node:hand-written',
    rival: 'node:attach',
    cases: ALL,
    targets: { refusedExpecting: 0.95 },
  },
  {
    title: 'node:http, price of staying',
    base: 'node:hand-written',
    rival: 'node:hand-written-lingering',
    cases: ['refusedExpecting'],
    targets: { refusedExpecting: undefined },
  },
  {
    title: 'node:http, lingering',
    base: 'node:hand-written-lingering',
    rival: 'node:attach',
    cases: ['refusedExpecting', 'refusedSending'],
    targets: { refusedExpecting: 0.95 },
  },
]

const STREAMS = ['get', 'small', 'expected', 'refusedExpecting', 'refusedSending', 'notFound']
const NO_STREAM_TARGETS = Object.fromEntries(STREAMS.map((name) => [name, undefined]))

/** Over HTTP/2 in the clear. */
export const OVER_HTTP2 = [
  { title: 'node:http2', base: 'h2/node:hand-written', rival: 'h2/node:attach' },
  { title: 'Koa over HTTP/2', base: 'h2/koa:bare', rival: 'h2/koa:gate' },
  { title: 'Fastify over HTTP/2', base: 'h2/fastify:bare', rival: 'h2/fastify:gate' },
].map((each) => ({ ...each, cases: STREAMS, incarnations: 1, targets: NO_STREAM_TARGETS }))

const ORIENTATION = ['get', 'small', 'expected', 'refusedExpecting']
const NO_TARGETS = Object.fromEntries(ORIENTATION.map((name) => [name, undefined]))

/** Others, for orientation; none of them is something to reach. */
export const CONTEXT = [
  { title: 'hapi', cases: ORIENTATION },
  { title: 'go', cases: ORIENTATION },
  // nginx alone does nothing with content: it answers without asking for it.
  { title: 'nginx', cases: ['get', 'refusedExpecting'] },
  { title: 'h2/nginx', base: 'h2/node:hand-written', cases: ['get', 'refusedExpecting'] },
  // Go speaks HTTP/2 over TLS only, so that Node does here, too.
  { title: 'h2-tls/go', base: 'h2-tls/node:hand-written', cases: ORIENTATION },
].map(({ title, base = 'node:hand-written', cases }) => ({
  title,
  base,
  rival: title,
  cases,
  incarnations: 1,
  settling: 0.6,
  targets: NO_TARGETS,
}))

export function casesOf({ cases, targets = {}, settling }) {
  return cases.map((name) => {
    const known = CASES[name]
    const target = name in targets ? targets[name] : known.target
    return { name, ...known, target, settling: settling ?? known.settling ?? 1 }
  })
}
