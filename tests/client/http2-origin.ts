// An origin of HTTP/2 on loopback, and an agent that trusts it; both are gone after the test.
import type { Http2SecureServer, ServerHttp2Session } from 'node:http2'
import { EarlyAnswerAgent } from '@expectation/client'
import { certificate } from '../support/certificate.js'
import { listening } from './listening.js'

export async function http2Origin(server: Http2SecureServer) {
  const sessions = new Set<ServerHttp2Session>()
  server.on('session', (session) => sessions.add(session))
  const agent = new EarlyAnswerAgent.Secure({ ca: certificate.cert })
  const port = await listening(server, agent, sessions)
  return { url: `https://localhost:${port}/`, agent, sessions }
}
