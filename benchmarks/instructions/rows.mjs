// What is counted: every case with the gate and without it, for each framework and protocol.

export const CASES = {
  get: 'GET, no content',
  small: 'POST of 1 KiB',
  expected: '16 KiB with `Expect`, accepted',
  refusedExpecting: 'refused with `Expect`',
  refusedSending: 'refused while it sends',
  notFound: '404 with content of 1 KiB',
}

/**
 * `base` and `gate` do the same work. On HTTP/1.1 a refusal is compared with one by hand that stays until
 * it is delivered too: one that closes at once costs less and gets lost (docs/delivery.md).
 */
export const PAIRS = [
  { title: '`attach`', protocol: 'HTTP/1.1', base: 'node:hand-written', gate: 'node:attach' },
  { title: 'Express', protocol: 'HTTP/1.1', base: 'express:bare', gate: 'express:gate' },
  { title: 'Koa', protocol: 'HTTP/1.1', base: 'koa:bare', gate: 'koa:gate' },
  { title: 'Fastify', protocol: 'HTTP/1.1', base: 'fastify:bare', gate: 'fastify:gate' },
  { title: '`attach`', protocol: 'HTTP/2', base: 'h2/node:hand-written', gate: 'h2/node:attach' },
  { title: 'Koa', protocol: 'HTTP/2', base: 'h2/koa:bare', gate: 'h2/koa:gate' },
  { title: 'Fastify', protocol: 'HTTP/2', base: 'h2/fastify:bare', gate: 'h2/fastify:gate' },
]

const REFUSED = ['refusedExpecting', 'refusedSending']

/** The server without the gate that a case is measured against. */
export function baseOf({ base, protocol }, name) {
  const stays = protocol === 'HTTP/1.1' && REFUSED.includes(name)
  return stays ? STAYING[base] : base
}

const STAYING = {
  'node:hand-written': 'node:hand-written-lingering',
  'express:bare': 'express:staying',
  'koa:bare': 'koa:staying',
  'fastify:bare': 'fastify:staying',
}

/** Most that the gate may cost, as a multiple; no number: nothing was promised. */
export function boundOf({ protocol }, name) {
  if (name === 'refusedExpecting') return protocol === 'HTTP/2' ? 1.15 : 1.08
  return { get: 1.01, small: 1.04, expected: 1.04 }[name]
}
