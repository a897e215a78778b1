// Uploads that are taken.

import type { RawClient } from '../../support/raw-client.js'
import { asking, chunks, head } from '../../support/request.js'
import { bytes, FILES, type Kind, lines } from './kinds.js'

export const ACCEPTED: Readonly<Record<string, Kind>> = {
  'accepted, asked': {
    times: 200,
    run: async (client) => {
      await client.send(asking(bytes)).continue()
      await accepted(client.send('hello'))
    },
    told: {
      decision: 'continue',
      status: 200,
      route: FILES,
      declared: 5,
      received: 5,
      end: 'kept',
      continued: [true, true],
    },
  },
  'accepted, not asked': {
    times: 150,
    run: (client) => accepted(client.send(`${head({ ...bytes, length: 7 })}content`)),
    told: { decision: 'pass', status: 200, route: FILES, declared: 7, received: 7, end: 'kept' },
  },
  'accepted, of undeclared length': {
    times: 40,
    run: (client) => accepted(client.send(head({ ...bytes, chunked: true }) + chunks('ab', 'c'))),
    told: { decision: 'pass', status: 200, route: FILES, received: 3, end: 'kept' },
  },
  'accepted, asked, but impatient': {
    times: 60,
    run: (client) => accepted(client.send(`${asking(lines('X-Do: late'))}hello`)),
    told: {
      decision: 'continue',
      status: 200,
      route: FILES,
      declared: 5,
      received: 5,
      end: 'kept',
      continued: [false, false],
    },
  },
}

async function accepted(client: RawClient): Promise<void> {
  const answer = await client.final()
  if (answer.status !== 200) throw new Error(`expected 200, got ${answer.status}`)
  client.halfClose()
}
