// Uploads that the application refuses, or fails at.

import { head } from '../../support/request.js'
import { FILES, type Kind, LEFT, lines, politely, WAITED } from './kinds.js'

export const REFUSED_BY_APPLICATION: Readonly<Record<string, Kind>> = {
  'to nowhere': {
    times: 20,
    run: politely({ target: '/nowhere' }, 404),
    told: {
      decision: 'continue',
      status: 404,
      reason: 'not_found',
      declared: 5,
      ...WAITED,
      ...LEFT,
    },
  },
  'refused by the handler': {
    times: 20,
    run: politely(lines('X-Do: full'), 507),
    told: {
      decision: 'continue',
      status: 507,
      reason: 'insufficient_storage',
      route: FILES,
      declared: 5,
      ...WAITED,
      ...LEFT,
    },
  },
  'crashed in the handler': {
    times: 10,
    run: politely(lines('X-Do: crash'), 500),
    told: {
      decision: 'continue',
      status: 500,
      reason: 'internal_error',
      route: FILES,
      declared: 5,
      ...WAITED,
      ...LEFT,
    },
  },
  'refused, a small rest read and dropped': {
    times: 20,
    run: async (client) => {
      client.send(head({ ...lines('X-Do: deny'), length: 600 }))
      const answer = await client.final()
      if (answer.status !== 401) throw new Error(`expected 401, got ${answer.status}`)
      client.send('x'.repeat(600)).halfClose()
    },
    told: {
      decision: 'pass',
      status: 401,
      reason: 'unauthorized',
      route: FILES,
      declared: 600,
      received: 600,
      end: 'drained',
    },
  },
}
