// The same over TLS: node:https servers are attached as node:http ones are.
import https from 'node:https'
import { attach } from '@expectation/core/node'
import { certificate } from '../support/certificate.js'
import { RawClient } from '../support/raw-client.js'
import { refused, stillUsable } from '../support/refusal.js'
import { asking, head } from '../support/request.js'
import { serve } from '../support/server.js'
import { uploads } from '../support/uploads.js'

async function connect(server: https.Server): Promise<RawClient> {
  const { port } = await serve(server)
  return RawClient.connect({ port, secure: true })
}

test('R16 MUST (RFC 9110 10.1.1): an Express gate over TLS refuses from the head', async () => {
  const { app, save } = uploads({ maxContentLength: 4 })
  const client = await connect(https.createServer(certificate, app))
  client.send(`${asking()}12345${head({ method: 'GET', target: '/hello' })}`)
  await refused(client, 413, 'content_too_large')
  expect(save.calls).toBe(0)
})

test('law 2: an Express gate over TLS asks for content at the first read', async () => {
  const client = await connect(https.createServer(certificate, uploads().app))
  client.send(asking())
  await client.continue()
  client.send('12345')
  expect((await client.final()).json()).toEqual({ content: '12345' })
  expect((await stillUsable(client, '/hello')).text).toBe('hello')
})

test('R4 MAY (RFC 9110 10.1.1): attach is the gate of a bare https server', async () => {
  const server = https.createServer(certificate, (_req, res) => res.end('never'))
  attach(server, {})
  const client = await connect(server)
  client.send(head({ expect: 'something-else', length: 5 }))
  await refused(client, 417, 'unsupported_expectation')
})

test('R28 advice, law 3 (RFC 9112 9.6): a refusal over TLS is read after 4 MiB were written', async () => {
  const { app } = uploads({ maxContentLength: 4 })
  const client = await connect(https.createServer(certificate, app))
  const size = 4 * 1024 * 1024
  client.stopReading()
  await client.sendAll(
    Buffer.concat([Buffer.from(head({ length: size })), Buffer.alloc(size)]),
    8000,
  )
  client.startReading()
  await refused(client, 413, 'content_too_large')
}, 15_000)
