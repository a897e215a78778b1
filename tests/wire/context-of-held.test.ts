// Law 9: what happens to a request that waited for another one happens in no other request's context.
import { AsyncLocalStorage } from 'node:async_hooks'
import http from 'node:http'
import { attach } from '@expectation/core/node'
import { RawClient } from '../support/raw-client.js'
import { asking, chunks, head } from '../support/request.js'
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

describe.each([
  ['chunked', head({ chunked: true }), chunks('h', 'i')],
  ['asking', asking({ length: 2 }), 'hi'],
])(
  'what a handler enters with holds for content of a later segment: %s',
  (_input, first, content) => {
    test.each([
      ['attached', undefined],
      ['gated', {}],
    ])('%s, as with plain Node', async (_how, options) => {
      const heard = async (
        tie: (server: http.Server) => http.Server,
      ): Promise<readonly string[]> => {
        const storage = new AsyncLocalStorage<string>()
        const events: string[] = []
        const server = http.createServer((request, response) => {
          storage.enterWith('its own')
          const note = (event: string) => () => void events.push(`${event}: ${storage.getStore()}`)
          request.on('data', note('data')).on('end', note('end'))
          request.on('end', () => response.end())
          response.on('finish', note('finish'))
        })
        const client = await RawClient.connect(await serve(tie(server)))
        client.send(first)
        await new Promise((resolve) => setTimeout(resolve, 20))
        client.send(content)
        await client.answer()
        return events
      }
      expect(await heard((server) => attach(server, options))).toEqual(
        await heard((server) => server),
      )
    })
  },
)
