// One application on several servers, and several applications in one process: policies do not mix.
import { once } from 'node:events'
import http from 'node:http'
import net, { type AddressInfo } from 'node:net'
import { attach } from '@expectation/core/node'
import { errorHandler, expectation } from '@expectation/express'
import express, { type Express } from 'express'
import { afterThisTest } from '../support/cleanup.js'
import { RawClient } from '../support/raw-client.js'
import { refused } from '../support/refusal.js'
import { asking } from '../support/request.js'
import { serve } from '../support/server.js'
import { echo } from '../support/uploads.js'

/** A gate for everything, and one on its route. */
function narrowing(): Express {
  const app = express().use(expectation({ maxContentLength: 100 }))
  app.put('/files/:name', expectation({ acceptedTypes: ['video/*'] }), echo())
  return app.use(errorHandler())
}

describe('attach(server) and app.use(expectation())', () => {
  test('docs/several-gates.md: together they are one gate with one 100', async () => {
    const running = await serve(attach(http.createServer(narrowing())))
    const client = await RawClient.connect(running)
    client.send(asking({ type: 'video/mp4' }))
    await client.continue()
    client.send('12345')
    expect((await client.final()).json()).toEqual({ content: '12345' })
    const second = await RawClient.connect(running)
    second.send(asking({ length: 500 }))
    await refused(second, 413, 'content_too_large')
  })
})

describe('two gated servers in one process', () => {
  test('each follows its own policy, whichever was asked first', async () => {
    const large = express().use(expectation({ maxContentLength: 1000 }))
    large.put('/files/:name', echo())
    const small = express().use(expectation({ maxContentLength: 10 }))
    small.put('/files/:name', echo())
    const first = await serve(large)
    const second = await serve(small)
    for (let round = 0; round < 2; round += 1) {
      const welcome = await RawClient.connect(first)
      welcome.send(asking({ length: 100 }))
      await welcome.continue()
      const unwelcome = await RawClient.connect(second)
      unwelcome.send(asking({ length: 100 }))
      await refused(unwelcome, 413, 'content_too_large')
    }
  })

  test('one application on two servers is gated on both', async () => {
    const app = express().use(expectation({ maxContentLength: 10 }))
    app.put('/files/:name', echo())
    for (const running of [await serve(app), await serve(http.createServer(app))]) {
      const client = await RawClient.connect(running)
      client.send(asking({ length: 100 }))
      await refused(client, 413, 'content_too_large')
      const welcome = await RawClient.connect(running)
      welcome.send(asking())
      await welcome.continue()
      welcome.send('12345')
      expect((await welcome.final()).status).toBe(200)
    }
  })
})

describe('a server that only accepts connections, and hands its listeners on to one of HTTP', () => {
  // As httpolyglot does: requests never come to the server that is attached.
  const sharing = async () => {
    const inner = http.createServer(async (request, response) => {
      let content = ''
      for await (const part of request) content += String(part)
      response.end(content)
    })
    const outer = net.createServer((socket) => inner.emit('connection', socket))
    outer.on('newListener', (name, listener) => inner.on(name, listener))
    attach(outer, {})
    outer.listen(0, '127.0.0.1')
    await once(outer, 'listening')
    afterThisTest(() => {
      inner.closeAllConnections()
      outer.close()
    })
    const { port } = outer.address() as AddressInfo
    return RawClient.connect({ port })
  }

  test('law 0: who asks gets his 100, and his answer, as without the library', async () => {
    const client = await sharing()
    client.send(asking())
    await client.continue()
    client.send('12345')
    expect((await client.final()).text).toBe('12345')
  })

  test('law 0: an unknown expectation gets the 417 of Node', async () => {
    const client = await sharing()
    client.send(asking({ expect: 'something-else' }))
    expect((await client.final()).status).toBe(417)
  })
})
