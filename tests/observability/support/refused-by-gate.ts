// Uploads that a gate refuses from the head.

import { head } from '../../support/request.js'
import {
  bytes,
  FILES,
  type Kind,
  LARGE,
  LEFT,
  lines,
  politely,
  refusedWith,
  WAITED,
} from './kinds.js'
import type { Adapter } from './places.js'

/** The gate for everything refuses these, before Express and Koa know of a route. */
const earlyRoute = (adapter: Adapter) => (adapter === 'fastify' ? { route: FILES } : {})

export const REFUSED_BY_GATE: Readonly<Record<string, Kind>> = {
  'too large, asked': {
    times: 80,
    run: politely({ length: LARGE }, 413),
    told: {
      decision: 'refuse',
      status: 413,
      reason: 'content_too_large',
      route: FILES,
      declared: LARGE,
      ...WAITED,
      ...LEFT,
    },
  },
  'too large, begun with the head': {
    times: 60,
    run: async (client) => {
      client.send(head({ ...bytes, length: LARGE }) + 'x'.repeat(2000))
      await refusedWith(client, 413)
      client.halfClose()
    },
    told: {
      decision: 'refuse',
      status: 413,
      reason: 'content_too_large',
      route: FILES,
      declared: LARGE,
      received: 2000,
      ...LEFT,
    },
  },
  'too large, begun after the answer': {
    times: 60,
    run: async (client) => {
      await refusedWith(client.send(head({ ...bytes, length: LARGE })), 413)
      client.send('x'.repeat(3000)).halfClose()
    },
    told: {
      decision: 'refuse',
      status: 413,
      reason: 'content_too_large',
      route: FILES,
      declared: LARGE,
      discarded: 3000,
      ...LEFT,
    },
  },
  'without a length': {
    times: 30,
    run: async (client) => {
      client.send(head({ ...bytes, target: '/strict/a', chunked: true }))
      await refusedWith(client, 411)
      client.halfClose()
    },
    told: {
      decision: 'refuse',
      status: 411,
      reason: 'length_required',
      route: '/strict/:name',
      ...LEFT,
    },
  },
  'of a wrong type': {
    times: 30,
    run: politely({ type: 'text/plain' }, 415),
    told: {
      decision: 'refuse',
      status: 415,
      reason: 'unsupported_media_type',
      route: FILES,
      declared: 5,
      ...WAITED,
      ...LEFT,
    },
  },
  'in a wrong coding': {
    times: 30,
    run: politely(lines('Content-Encoding: br'), 415),
    told: {
      decision: 'refuse',
      status: 415,
      reason: 'unsupported_content_coding',
      route: FILES,
      declared: 5,
      ...WAITED,
      ...LEFT,
    },
  },
  'with an unknown expectation': {
    times: 40,
    run: politely({ expect: 'something-else' }, 417),
    told: (adapter) => ({
      decision: 'refuse',
      status: 417,
      reason: 'unsupported_expectation',
      ...earlyRoute(adapter),
      declared: 5,
      unknown: 'unsupported',
      ...LEFT,
    }),
  },
  'with a malformed expectation': {
    times: 20,
    run: politely({ expect: '"100-continue' }, 417),
    told: (adapter) => ({
      decision: 'refuse',
      status: 417,
      reason: 'malformed_expectation',
      ...earlyRoute(adapter),
      declared: 5,
      unknown: 'malformed',
      ...LEFT,
    }),
  },
  'over the quota': {
    times: 30,
    run: politely(lines('X-Check: quota'), 429),
    told: {
      decision: 'refuse',
      status: 429,
      reason: 'quota_exhausted',
      route: FILES,
      declared: 5,
      ...WAITED,
      ...LEFT,
    },
  },
  'with a check that is too slow': {
    times: 20,
    run: politely(lines('X-Check: slow'), 503),
    told: {
      decision: 'refuse',
      status: 503,
      reason: 'check_timed_out',
      route: FILES,
      declared: 5,
      ...WAITED,
      ...LEFT,
    },
  },
  'with a check that fails': {
    times: 10,
    run: politely(lines('X-Check: fails'), 500),
    // In Express and Koa the gate for everything had let it through; Fastify has one gate.
    told: (adapter) => ({
      decision: adapter === 'fastify' ? 'none' : 'continue',
      status: 500,
      reason: 'internal_error',
      route: FILES,
      declared: 5,
      ...WAITED,
      ...LEFT,
    }),
  },
}
