// Bare Node with attach() and an `upgrade` listener. A harness of its own: with such a listener Node
// hands every request that asks for an upgrade to it, so the other routes are not those of a server
// without.
import http from 'node:http'
import { attach } from '@expectation/core/node'
import { handler } from './node-handler.mjs'
import { listen } from './support.mjs'

const server = attach(http.createServer(handler), {})
server.on('upgrade', (_request, socket) => {
  socket.end(
    'HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: conformance\r\n\r\n',
  )
})
listen(server)
