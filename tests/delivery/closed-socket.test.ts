// What a closed socket holds on to. Since Node 24 V8's scavenger keeps closed sockets until the next
// full collection (Node's streams store a closure in each), with everything that can be reached from
// them: an exchange that hangs there doubled what a refusal cost.

import { once } from 'node:events'
import http, { IncomingMessage } from 'node:http'
import type { Socket } from 'node:net'
import { Refusal } from '@expectation/core'
import { attach } from '@expectation/core/node'
import { areCollected } from '../support/collected.js'
import { RawClient } from '../support/raw-client.js'
import { refused } from '../support/refusal.js'
import { asking } from '../support/request.js'
import { serve } from '../support/server.js'

test.each([false, true])(
  'law 3: a connection that has lingered holds nothing of its exchange, normalizeClientErrors %j',
  async (normalizeClientErrors) => {
    const sockets: Socket[] = []
    const requests: WeakRef<IncomingMessage>[] = []
    const server = attach(http.createServer(), {
      normalizeClientErrors,
      checks: [
        (_head, { request }) => {
          if (request instanceof IncomingMessage) requests.push(new WeakRef(request))
          return new Refusal(403)
        },
      ],
    })
    server.on('connection', (socket) => sockets.push(socket))
    const client = await RawClient.connect(await serve(server))
    const [socket] = sockets
    if (socket === undefined) throw new Error('No connection was made.')
    const closed = once(socket, 'close')
    client.send(asking())
    await refused(client, 403, 'forbidden')
    // Until Node has finished the response, the socket holds it by itself.
    await client.fin()
    client.destroy()
    await closed
    expect(requests).toHaveLength(1)
    expect(await areCollected(requests)).toBe(true)
    expect(socket.destroyed).toBe(true)
  },
)
