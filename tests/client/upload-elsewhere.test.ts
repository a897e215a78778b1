// An agent may lead to another place than the URL says: through a proxy, to a socket, under another name.
// upload() asks first which HTTP is spoken there (RFC 7301), and never past the agent.

import { mkdtempSync, rmSync } from 'node:fs'
import http2 from 'node:http2'
import https from 'node:https'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { EarlyAnswerAgent, upload } from '@expectation/client'
import { certificate } from '../support/certificate.js'
import { afterThisTest } from '../support/cleanup.js'
import { forbidStrayErrors } from '../support/stray-errors.js'
import { http2Origin } from './http2-origin.js'

forbidStrayErrors()

const ca = certificate.cert

class Counting extends EarlyAnswerAgent.Secure {
  connections = 0

  override createConnection(...given: Parameters<https.Agent['createConnection']>) {
    this.connections += 1
    return super.createConnection(...given)
  }
}

/** Speaks both, so that it is the agent that decides. */
async function both() {
  const names: unknown[] = []
  const server = http2.createSecureServer({ ...certificate, allowHTTP1: true })
  server.on('secureConnection', (socket) => names.push(socket.servername))
  server.on('request', (_request, response) => response.end('done'))
  return { ...(await http2Origin(server)), names }
}

function secure<Made extends https.Agent>(agent: Made): Made {
  afterThisTest(() => agent.destroy())
  return agent
}

async function protocolBy(url: string, agent: https.Agent): Promise<unknown> {
  const response = await upload(url, { body: 'hello', agent: { https: agent }, retry: false })
  expect(await response.text()).toBe('done')
  return response.upload.attempts[0]?.protocol
}

test.each<[string, object]>([
  ['proxyEnv, which Node 24 and newer know', { proxyEnv: {} }],
  ['ALPNProtocols', { ALPNProtocols: ['http/1.1'] }],
])('an agent with %s connects by itself', async (_what, options) => {
  const { url, agent } = await both()
  expect(await protocolBy(url, agent)).toBe('h2')
  const other = secure(new EarlyAnswerAgent.Secure({ ca, ...options }))
  expect(await protocolBy(url, other)).toBe('http/1.1')
})

test('so does a class that extends it', async () => {
  const { url } = await both()
  const agent = secure(new Counting({ ca }))
  expect(await protocolBy(url, agent)).toBe('http/1.1')
  expect(agent.connections).toBe(1)
})

test('and one that leads to a socket', async () => {
  const folder = mkdtempSync(path.join(tmpdir(), 'expectation-client-'))
  const server = https.createServer(certificate, (_request, response) => response.end('done'))
  const socketPath = path.join(folder, 'socket')
  await new Promise<void>((resolve) => server.listen(socketPath, resolve))
  afterThisTest(async () => {
    server.closeAllConnections()
    await new Promise((resolve) => server.close(resolve))
    rmSync(folder, { recursive: true })
  })
  // The types of Node know it for requests only.
  const options = { ca, socketPath }
  const agent = secure(new EarlyAnswerAgent.Secure(options))
  expect(await protocolBy('https://localhost:1/', agent)).toBe('http/1.1')
})

test('RFC 6066 3: the name for TLS that the agent has is the one that is asked for', async () => {
  const { url, names } = await both()
  const agent = secure(new EarlyAnswerAgent.Secure({ ca, servername: 'localhost' }))
  expect(await protocolBy(url.replace('localhost', '127.0.0.1'), agent)).toBe('h2')
  expect(names).toEqual(['localhost'])
})
