// How long everything takes: a full run for the figures, a quick one for a look, and a smoke run that only
// shows that it runs (without valgrind, which takes seconds to start).

import { COMPARISONS, CONTEXT, OVER_HTTP2 } from './end-to-end/comparisons.mjs'
import { PAIRS } from './instructions/rows.mjs'

const MIB = 1024 * 1024
const OVER_HTTP1 = PAIRS.filter(({ protocol }) => protocol === 'HTTP/1.1')

export const FULL = {
  instructions: { processes: 3 },
  family: true,
  stageMs: 400,
  endToEnd: {
    comparisons: [...COMPARISONS, ...OVER_HTTP2, ...CONTEXT],
    incarnations: 2,
    // Short ones: what else the machine does comes and goes within seconds, and has to meet both sides.
    rounds: 6,
    durationMs: 80,
    settleMs: 15,
    // V8 compiles anew for some 60,000 requests; what it costs until then is no server's usual day.
    warmUp: { durationMs: 950 },
    largeBytes: 64 * MIB,
  },
  pipelining: { pairs: OVER_HTTP1, rounds: 7, durationMs: 400, warmUpMs: 2000 },
  ballast: {
    pairs: OVER_HTTP1,
    processes: 8,
    rounds: 3,
    durationMs: 700,
    warmUpMs: 3000,
    largeBytes: 64 * MIB,
    objects: 60_000,
  },
  waste: { warmBytes: 2 * MIB, refusedBytes: 1024 * MIB, shapedBytes: 16 * MIB },
  scale: {
    crowds: [1000, 5000, 20_000],
    calmMs: 1000,
    burst: 5000,
    burstMs: 3000,
    growth: { rounds: 3, durationMs: 600, settleMs: 300, warmUp: { durationMs: 1500 } },
  },
}

/** The same in a quarter of the time, for a look. */
export const QUICK = {
  ...FULL,
  instructions: { processes: 1, counts: { warm: 10_000, windows: 3, requests: 700 } },
  family: false,
  scale: { ...FULL.scale, crowds: [1000, 5000] },
}

/** Its servers are in others too. */
const ONCE_EACH = COMPARISONS.filter(({ title }) => title !== 'node:http, price of staying')

export const SMOKE = {
  stageMs: 1,
  endToEnd: {
    comparisons: [
      ...ONCE_EACH.map((comparison) => ({ ...comparison, cases: ['get', 'refusedExpecting'] })),
      // What `node:http` has not shown yet.
      { ...COMPARISONS[3], cases: ['small', 'expected', 'refusedSending', 'notFound', 'large'] },
      { ...OVER_HTTP2[0], cases: ['expected', 'refusedExpecting'] },
    ],
    incarnations: 1,
    rounds: 1,
    durationMs: 30,
    settleMs: 20,
    warmUp: { durationMs: 20 },
    largeBytes: MIB,
  },
  pipelining: { pairs: OVER_HTTP1.slice(0, 1), rounds: 1, durationMs: 60, warmUpMs: 20 },
  ballast: {
    pairs: OVER_HTTP1.slice(0, 1),
    processes: 1,
    rounds: 1,
    durationMs: 60,
    warmUpMs: 20,
    largeBytes: MIB,
    objects: 100,
  },
  waste: { warmBytes: 2 * MIB, refusedBytes: 4 * MIB, shapedBytes: 2 * MIB },
  scale: {
    crowds: [20],
    states: 3,
    calmMs: 100,
    burst: 20,
    burstMs: 400,
    growth: { rounds: 1, durationMs: 30, settleMs: 20, warmUp: { durationMs: 20 } },
  },
}
