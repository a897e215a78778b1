// Who is measured against whom, in which cases, and what the ratio has to reach.

const CASES = {
  get: { title: 'GET, no content', lanes: 24, target: 0.98 },
  small: { title: 'POST of 1 KiB', lanes: 24, target: 0.95 },
  expected: { title: 'upload of 16 KiB with `Expect`, accepted', lanes: 24, target: 0.95 },
  refusedExpecting: { title: 'refused with `Expect`', lanes: 24, target: 1 },
  refusedSending: { title: 'refused while it sends', lanes: 24, target: undefined },
  notFound: { title: '404 with content of 1 KiB', lanes: 24, target: undefined },
  large: { title: 'large upload, accepted', lanes: 2, target: 0.99 },
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
    title: 'node:http, lingering',
    base: 'node:hand-written-lingering',
    rival: 'node:attach',
    cases: ['refusedExpecting', 'refusedSending'],
    targets: { refusedExpecting: 0.95 },
  },
]

const ORIENTATION = ['get', 'small', 'expected', 'refusedExpecting']
const NO_TARGETS = Object.fromEntries(ORIENTATION.map((name) => [name, undefined]))

/** Others, for orientation; none of them is something to reach. */
export const CONTEXT = [
  { title: 'hapi', cases: ORIENTATION },
  { title: 'go', cases: ORIENTATION },
  // nginx alone does nothing with content: it answers without asking for it.
  { title: 'nginx', cases: ['get', 'refusedExpecting'] },
].map(({ title, cases }) => ({
  title,
  base: 'node:hand-written',
  rival: title,
  cases,
  incarnations: 1,
  targets: NO_TARGETS,
}))

export function casesOf({ cases, targets = {} }) {
  return cases.map((name) => {
    const known = CASES[name]
    return { name, ...known, target: name in targets ? targets[name] : known.target }
  })
}
