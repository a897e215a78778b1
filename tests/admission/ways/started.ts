// One framework, served with a gate, and a client connected to it.

import type { ExpectationOptions } from '@expectation/core'
import { RawClient } from '../../support/raw-client.js'
import { serve } from '../../support/server.js'
import type { Framework } from './apps.js'
import { routes } from './routes.js'

/** Far longer than any wait of these tests. */
const LONG_LINGER = { idleMs: 20_000, totalMs: 30_000 }

export async function started(framework: Framework, gate: ExpectationOptions, narrow = {}) {
  const { save, reached, finish } = routes()
  const app = { gate: { linger: LONG_LINGER, ...gate }, narrow, save }
  const server = await framework.serve(app, 1)
  const running = await serve(server as Parameters<typeof serve>[0])
  const connect = () => RawClient.connect({ port: running.port })
  return { ...running, reached, finish, connect, client: await connect() }
}
