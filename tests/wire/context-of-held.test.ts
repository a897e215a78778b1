// Law 9: what happens to a request that waited for another one happens in no other request's context.
import { AsyncLocalStorage } from 'node:async_hooks'
import http from 'node:http'
import { attach } from '@expectation/core/node'
import { RawClient } from '../support/raw-client.js'
import { chunks, head } from '../support/request.js'
import { serve } from '../support/server.js'

const inputs = {
  sized: `${head({ length: 2 })}hi`,
  'chunked, of two pieces': `${head({ chunked: true })}${chunks('h', 'i')}`,
} as const

const reads = {
  reads: (request: http.IncomingMessage, told: (event: string) => void) => {
    request.on('data', () => told('data')).on('end', () => told('end'))
  },
  'does not read': () => {},
} as const

describe.each(Object.entries(inputs))('%s', (_input, bytes) => {
  describe.each([
    ['attached', undefined],
    ['gated', {}],
  ])('%s', (_how, options) => {
    test.each(Object.entries(reads))('a handler that %s', async (_what, read) => {
      const storage = new AsyncLocalStorage<number>()
      const foreign: string[] = []
      let dispatched = 0
      const server = http.createServer((request, response) => {
        const own = dispatched
        dispatched += 1
        const told = (event: string): void => {
          const whose = storage.getStore()
          if (whose !== undefined && whose !== own) foreign.push(`${event} of ${own} in ${whose}`)
        }
        storage.run(own, () => {
          read(request, told)
          request.on('close', () => told('close'))
          setTimeout(() => response.end(), 5)
        })
      })
      const client = await RawClient.connect(await serve(attach(server, options)))
      client.send(bytes.repeat(4))
      for (let answer = 0; answer < 4; answer += 1) await client.final()
      client.destroy()
      expect(foreign).toEqual([])
    })
  })
})
