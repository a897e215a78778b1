// How long everything takes: a full run for the figures, a smoke run that only shows that it runs.

import { COMPARISONS, CONTEXT } from './end-to-end/comparisons.mjs'

const MIB = 1024 * 1024

/** Just under ten minutes on two cores. */
export const FULL = {
  stageMs: 400,
  endToEnd: {
    comparisons: [...COMPARISONS, ...CONTEXT],
    incarnations: 2,
    // Short ones: what else the machine does comes and goes within seconds, and has to meet both sides.
    rounds: 6,
    durationMs: 80,
    settleMs: 15,
    // V8 compiles anew for some 60,000 requests; what it costs until then is no server's usual day.
    warmUp: { durationMs: 950 },
    largeBytes: 64 * MIB,
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

export const SMOKE = {
  stageMs: 1,
  endToEnd: {
    comparisons: [
      ...COMPARISONS.map((comparison) => ({ ...comparison, cases: ['get', 'refusedExpecting'] })),
      // What `node:http` has not shown yet.
      { ...COMPARISONS[3], cases: ['small', 'expected', 'refusedSending', 'notFound', 'large'] },
    ],
    incarnations: 1,
    rounds: 1,
    durationMs: 30,
    settleMs: 20,
    warmUp: { durationMs: 20 },
    largeBytes: MIB,
  },
  waste: { warmBytes: 2 * MIB, refusedBytes: 4 * MIB, shapedBytes: 2 * MIB },
  scale: {
    crowds: [20],
    calmMs: 100,
    burst: 20,
    burstMs: 400,
    growth: { rounds: 1, durationMs: 30, settleMs: 20, warmUp: { durationMs: 20 } },
  },
}
