// What a check holds is given back when nobody uses it any more: also when the client has left, and the
// handler learns of it a moment later.

import http from 'node:http'
import { Grant } from '@expectation/core'
import { attach } from '@expectation/core/node'
import { RawClient } from '../support/raw-client.js'
import { head } from '../support/request.js'
import { latch, serve, within } from '../support/server.js'

test.each(['reset', 'end'] as const)(
  'law 0: a client that leaves by %s: the handler has ended before the grant is given back',
  async (way) => {
    const order: string[] = []
    const reading = latch<void>()
    const released = latch<void>()
    const server = http.createServer(async (request, response) => {
      try {
        for await (const _part of request) reading.open()
      } catch {
        // The client has left.
      } finally {
        order.push('handler')
      }
      response.end()
    })
    const release = ({ why }: { readonly why: string }) => {
      order.push(why)
      released.open()
    }
    attach(server, { checks: [() => new Grant({ release })] })
    const client = await RawClient.connect(await serve(server))
    client.send(`${head({ length: 1000 })}12345`)
    await within('the handler to read', reading.opened)
    if (way === 'reset') client.reset()
    else client.halfClose()
    await within('the grant to be given back', released.opened)
    expect(order).toEqual(['handler', 'gone'])
  },
)
