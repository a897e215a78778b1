// An origin of HTTP/2 on loopback, and an agent that trusts it; both are gone after the test.
import type { Http2SecureServer, ServerHttp2Session } from 'node:http2'
import type { AddressInfo } from 'node:net'
import { EarlyAnswerAgent } from '@expectation/client'
import { certificate } from '../support/certificate.js'
import { afterThisTest } from '../support/cleanup.js'

export async function http2Origin(server: Http2SecureServer) {
  const sessions = new Set<ServerHttp2Session>()
  server.on('session', (session) => sessions.add(session))
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const agent = new EarlyAnswerAgent.Secure({ ca: certificate.cert })
  afterThisTest(async () => {
    agent.destroy()
    const closed = new Promise((resolve) => server.close(resolve))
    for (const session of sessions) session.destroy()
    await closed
  })
  const { port } = server.address() as AddressInfo
  return { url: `https://localhost:${port}/`, agent, sessions }
}
