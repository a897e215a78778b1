// Clients that leave half-way, and clients that have to be left.

import type { LingerEnd } from '@expectation/core'
import { asking, head } from '../../support/request.js'
import { bytes, FILES, type Kind, LARGE, lines, refusedWith, WAITED } from './kinds.js'

export const BROKEN_OFF: Readonly<Record<string, Kind>> = {
  'cut off by the client half-way': {
    times: 30,
    run: async (client, place) => {
      const name = place.fresh()
      const read = place.halfRead(name)
      client.send(head({ ...lines('X-Do: half', `X-Name: ${name}`), length: 700 }))
      client.send('x'.repeat(100))
      await read
      client.reset()
    },
    told: {
      decision: 'pass',
      route: FILES,
      declared: 700,
      received: 100,
      end: 'cut',
      gone: true,
    },
  },
  'reset while lingering': {
    times: 10,
    run: async (client) => {
      await refusedWith(client.send(asking({ ...bytes, length: LARGE })), 413)
      client.reset()
    },
    told: {
      decision: 'refuse',
      status: 413,
      reason: 'content_too_large',
      route: FILES,
      declared: LARGE,
      ...WAITED,
      end: 'lingered',
      linger: 'error',
    },
  },
  'lingering until idle': lingering('/idle/:name', 'idle'),
  'lingering until the time is up': lingering('/total/:name', 'total'),
  'lingering until the bytes are too many': lingering('/bytes/:name', 'bytes', 2000),
}

/** A client that was refused and neither leaves nor says a word, or says too much. */
function lingering(route: string, linger: LingerEnd, discarded = 0): Kind {
  return {
    times: 10,
    run: async (client) => {
      const target = route.replace(':name', 'a')
      await refusedWith(client.send(asking({ ...bytes, target, length: LARGE })), 413)
      client.send('x'.repeat(discarded))
    },
    told: {
      decision: 'refuse',
      status: 413,
      reason: 'content_too_large',
      route,
      declared: LARGE,
      discarded,
      ...WAITED,
      end: 'lingered',
      linger,
    },
  }
}
