// Law 0: somebody who replaced `emit` before the library came puts his own back, or calls the one of the class. Who
// asks for a 100 is answered all the same.
import http from 'node:http'
import { attach } from '@expectation/core/node'
import { RawClient } from '../support/raw-client.js'
import { asking } from '../support/request.js'
import { bare, serve } from '../support/server.js'

type Emit = (this: http.Server, ...event: readonly unknown[]) => unknown

const replaced: Readonly<Record<string, (server: http.Server, before: Emit) => void>> = {
  'the one from before': (server, before) => {
    Reflect.set(server, 'emit', before)
  },
  'one that calls the class': (server) => {
    const emit: Emit = function (...event) {
      return Reflect.apply(http.Server.prototype.emit, this, event)
    }
    Reflect.set(server, 'emit', emit)
  },
}

const listener: http.RequestListener = (request, response) => {
  request.on('data', () => undefined).on('end', () => response.end('read'))
}

describe.each([
  ['attached', undefined],
  ['gated', {}],
])('%s', (_how, options) => {
  test.each(Object.entries(replaced))('%s', async (_what, replace) => {
    const server = http.createServer(listener)
    const { emit } = server
    const before: Emit = (...event) => Reflect.apply(emit, server, event)
    Reflect.set(server, 'emit', before)
    attach(server, options)
    replace(server, before)
    const client = await RawClient.connect(await serve(server))
    client.send(`${asking()}12345`)
    expect((await client.answer()).text).toBe('read')
  })
})

test('plain Node answers it', async () => {
  const client = await RawClient.connect(await bare(listener))
  client.send(`${asking()}12345`)
  expect((await client.answer()).text).toBe('read')
})
