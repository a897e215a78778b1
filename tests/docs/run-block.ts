// Runs a TypeScript block of a document as it stands there, but for its port: it gets a free one.
import { once } from 'node:events'
import type { Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { transformSync } from '@swc/core'
import { afterThisTest } from '../support/cleanup.js'

const LISTEN = /\b(\w+\.listen)\(3000\)/
/** Fastify's, which tells the address and not the server. */
const LISTEN_WITH_OPTIONS = /\b(\w+)\.listen\(\{ port: 3000 \}\)/

const AsyncFunction = (async () => undefined).constructor as FunctionConstructor

/** The port that the server of the block listens on. It is closed after the test. */
export async function runBlock(code: string): Promise<number> {
  const elsewhere = code
    .replace(LISTEN, `started($1(0, '127.0.0.1'))`)
    .replace(LISTEN_WITH_OPTIONS, `$1.listen({ host: '127.0.0.1', port: 0 }), started($1.server)`)
  if (elsewhere === code) throw new Error('The block does not listen on port 3000')
  const { code: script } = transformSync(elsewhere, {
    jsc: { target: 'es2022', parser: { syntax: 'typescript' } },
    module: { type: 'commonjs' },
  })
  const servers: Server[] = []
  // `require` is Jest's, so that packages of the workspace are found in their sources.
  const block = new AsyncFunction('require', 'exports', 'started', script)
  await block(require, {}, (server: Server) => servers.push(server))
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
