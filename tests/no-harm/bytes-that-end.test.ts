// K1.1, K1.2, K1.6: no bytes, no order of bytes and no kind of connection ends the process. A request
// is HTTP/2 only if it has a stream; whoever swallows an event owns the socket that came with it.
import type { RawClient } from '../support/raw-client.js'
import { asking, chunks, head } from '../support/request.js'
import { gates, input, type Site } from './support/input.js'

/** The connection is of use, or was closed as the answer said: another one is of use in any case. */
async function servesOn(site: Site): Promise<void> {
  const next = await site.client()
  next.send(head({ method: 'GET', target: '/ok' }))
  expect((await next.final()).text).toBe('ok')
}

const versions = ['2.0', '3.0', '0.9', '1.2', '1.9', '9.9']
const requests: Readonly<Record<string, (version: string) => string>> = {
  'a GET': (version) => `GET / HTTP/${version}\r\nHost: x\r\n\r\n`,
  'a POST with content': (version) =>
    `POST / HTTP/${version}\r\nHost: x\r\nContent-Length: 5\r\n\r\n12345`,
  'a POST that asks': (version) =>
    `POST / HTTP/${version}\r\nHost: x\r\nContent-Length: 5\r\nExpect: 100-continue\r\n\r\n`,
  'an unknown expectation': (version) =>
    `POST / HTTP/${version}\r\nHost: x\r\nContent-Length: 5\r\nExpect: other\r\n\r\n12345`,
  'chunked content': (version) =>
    `POST / HTTP/${version}\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n${chunks('12345')}`,
}

describe('K1.1 a version that the parser takes and nobody speaks', () => {
  for (const version of versions) {
    for (const [what, request] of Object.entries(requests)) {
      const main = version === '2.0' && what === 'a GET'
      input({
        id: 'K1.1',
        title: `${what} of HTTP/${version} is answered as HTTP/1.1, or refused`,
        scene: 'answers later',
        transports: main ? ['http', 'tls', 'duplex'] : ['http'],
        neighbour: !main,
        run: async (site) => {
          const client = await site.client()
          client.send(request(version))
          const response = await client.answer()
          expect(version === '2.0' ? [200, 505, 417] : [200, 400, 505, 417]).toContain(
            response.status,
          )
          await servesOn(site)
        },
      })
    }
  }

  for (const target of ['/', '/ok']) {
    input({
      id: 'K1.1',
      title: `on a kept connection, to ${target}`,
      scene: 'answers',
      neighbour: true,
      run: async (site) => {
        const client = await site.client()
        client.send(head({ method: 'GET', target: '/ok' }))
        expect((await client.final()).text).toBe('ok')
        client.send(`GET ${target} HTTP/2.0\r\nHost: x\r\n\r\n`)
        expect([200, 505]).toContain((await client.final()).status)
        await servesOn(site)
      },
    })
  }
})

const UPGRADE = head({
  method: 'GET',
  target: '/',
  lines: ['Connection: Upgrade', 'Upgrade: websocket'],
})
const CONNECT = 'CONNECT a:1 HTTP/1.1\r\nHost: a:1\r\n\r\n'
const refused = {
  'an unknown expectation': `${head({ method: 'POST', expect: 'foo', length: 1 })}a`,
  'a 401': `${head({ method: 'POST', length: 1 })}a`,
  'a 404': `${head({ method: 'POST', target: '/missing', length: 1 })}a`,
  'a 401 to chunks': head({ method: 'POST', chunked: true }) + chunks('a'),
  'a 401 with content open': `${head({ method: 'POST', length: 100_000 })}a`,
  'content that is too large': `${head({ method: 'POST', length: 2000 })}a`,
} as const

/** The reset is what a socket without a listener does not survive. */
async function resets(site: Site, client: RawClient): Promise<void> {
  client.reset()
  await site.lives()
  await servesOn(site)
}

describe('K1.2 a connection that leaves HTTP behind a refusal, then is reset', () => {
  for (const [what, refusal] of Object.entries(refused)) {
    for (const [change, request] of Object.entries({ upgrade: UPGRADE, CONNECT })) {
      const main = what === 'an unknown expectation' && change === 'upgrade'
      for (const together of main ? [true, false] : [true]) {
        input({
          id: 'K1.2',
          title: `${what}, then ${change}, ${together ? 'one segment' : 'two segments'}`,
          scene: 'upgrades',
          neighbour: !main || !together,
          run: async (site) => {
            const client = await site.client()
            client.send(together ? refusal + request : refusal)
            const status = (await client.next()).status
            // All content has come: the connection is kept, and the listener writes at once, as in
            // plain Node, also in front of an answer that is given a turn later (Koa).
            expect([101, 200, 401, 404, 413, 417]).toContain(status)
            if (!together) client.send(request)
            await resets(site, client)
          },
        })
      }
    }
  }

  input({
    id: 'K1.2',
    title: 'a client that reads the 101 that was its due',
    scene: 'upgrades',
    neighbour: true,
    run: async (site) => {
      const client = await site.client()
      client.send(UPGRADE)
      expect((await client.next()).status).toBe(101)
      await resets(site, client)
    },
  })
})

const early = {
  'a refusal': `${head({ length: 100_000 })}12345`,
  'a refusal of one that asks': asking({ length: 100_000 }),
  'a refusal of content that is there': `${head({ length: 5 })}12345`,
  'a refusal of chunks': `${head({ chunked: true })}5\r\n12345\r\n`,
  'an unknown expectation': `${asking({ expect: 'other', length: 100_000 })}12345`,
} as const

describe('K1.6 a connection that is no socket', () => {
  for (const [what, request] of Object.entries(early)) {
    for (const scene of ['refuses', 'refuses later']) {
      input({
        id: 'K1.6',
        title: `${what} (${scene})`,
        scene,
        transports: ['duplex'],
        neighbour: what !== 'a refusal',
        run: async (site) => {
          const client = await site.client()
          client.send(request)
          expect([401, 417]).toContain((await client.answer()).status)
          client.destroy()
          await servesOn(site)
        },
      })
    }
  }

  for (const [what, request] of Object.entries({
    'a declared length': `${head({ length: 100_000 })}12345`,
    'a declared length, asking': asking({ length: 100_000 }),
    chunks: head({ chunked: true }) + chunks('x'.repeat(2000)),
  })) {
    input({
      id: 'K1.6',
      title: `content that is too large, by ${what}`,
      scene: 'limited',
      on: gates,
      transports: ['duplex'],
      control: false,
      neighbour: true,
      run: async (site) => {
        const client = await site.client()
        client.send(request)
        expect((await client.answer()).status).toBe(413)
        client.destroy()
        await servesOn(site)
      },
    })
  }

  input({
    id: 'K1.6',
    title: 'content that was asked for is read, and the connection kept',
    scene: 'reads',
    transports: ['duplex'],
    run: async (site) => {
      const client = await site.client()
      for (let round = 0; round < 3; round += 1) {
        client.send(asking({ length: 5 }))
        await client.continue()
        client.send('12345')
        expect((await client.final()).text).toBe('<5>')
      }
    },
  })
})
