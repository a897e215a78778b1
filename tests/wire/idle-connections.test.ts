// Law 0: `closeIdleConnections()` of a server that goes on closes what is idle. A refused client that still sends is
// not: its answer arrives.
import http from 'node:http'
import { setTimeout as wait } from 'node:timers/promises'
import { attach } from '@expectation/core/node'
import { RawClient } from '../support/raw-client.js'
import { head } from '../support/request.js'
import { serve } from '../support/server.js'

test.each([
  ['attached', undefined],
  ['gated', {}],
])('a client that is being refused stays: %s', async (_how, options) => {
  const server = http.createServer((_request, response) => response.writeHead(401).end('no'))
  const client = await RawClient.connect(await serve(attach(server, options)))
  client.send(head({ length: 1_000_000 }))
  expect((await client.final()).status).toBe(401)
  server.closeIdleConnections()
  // Well past the moment that a closing server leaves to those that linger.
  for (let piece = 0; piece < 8; piece += 1) {
    client.send('x'.repeat(1000))
    await wait(100)
  }
  // What it sends is still taken: a connection that is cut resets.
  await expect(client.gone(100)).rejects.toThrow('let go')
})
