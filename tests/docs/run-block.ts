// Runs a TypeScript block of a document as it stands there, but for its port: it gets a free one.
import { once } from 'node:events'
import type { Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { transformSync } from '@swc/core'
import { afterThisTest } from '../support/cleanup.js'

const LISTEN = /\b(\w+\.listen)\(3000\)/

/** The port that the server of the block listens on. It is closed after the test. */
export async function runBlock(code: string): Promise<number> {
  if (!LISTEN.test(code)) throw new Error('The block does not listen on port 3000')
  const { code: script } = transformSync(code.replace(LISTEN, `started($1(0, '127.0.0.1'))`), {
    jsc: { target: 'es2022', parser: { syntax: 'typescript' } },
    module: { type: 'commonjs' },
  })
  const servers: Server[] = []
  // `require` is Jest's, so that packages of the workspace are found in their sources.
  const block = new Function('require', 'exports', 'started', script)
  block(require, {}, (server: Server) => servers.push(server))
  const [server] = servers
  if (server === undefined) throw new Error('The block did not start its server')
  if (!server.listening) await once(server, 'listening')
  afterThisTest(async () => {
    const closed = once(server, 'close')
    server.close()
    server.closeAllConnections()
    await closed
  })
  return (server.address() as AddressInfo).port
}
