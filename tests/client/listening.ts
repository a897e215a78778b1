// A server on loopback and the agent that calls it, for one test: both are gone after it, with all that is open.
import type { AddressInfo, Server } from 'node:net'
import { afterThisTest } from '../support/cleanup.js'

interface Destroyed {
  destroy(): unknown
}

/**
 * @param open - Connections or sessions of the server, also those that come later.
 * @returns The port.
 */
export async function listening(
  server: Server,
  agent: Destroyed,
  open: Iterable<Destroyed>,
): Promise<number> {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  afterThisTest(async () => {
    agent.destroy()
    const closed = new Promise((resolve) => server.close(resolve))
    for (const each of open) each.destroy()
    await closed
  })
  return (server.address() as AddressInfo).port
}
