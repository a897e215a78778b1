// K4.1 to K4.4, K4.9, P2: what is held is bounded, who stops the parser goes on hearing the end of the
// socket, a slow client is waited for as long as bytes come, and a handler that breaks off is heard.
import { setTimeout as wait } from 'node:timers/promises'
import { asking, head } from '../support/request.js'
import { breaks } from './scenes/ways-to-break.js'
import { GET_OK, keepsItsWord, saysClose } from './support/connection.js'
import { gates, input, type Site } from './support/input.js'
import { noneLeft } from './support/none-left.js'

/** A connection that the kernel has taken is not yet one that the server counts. */
async function allThere(site: Site, count: number): Promise<void> {
  const end = Date.now() + 5_000
  while ((await site.connections()) < count && Date.now() < end) await wait(10)
  expect(await site.connections()).toBe(count)
}

const HELD = 30_000
const blockers = {
  'a POST without content behind its head': head({ method: 'POST', target: '/a', length: 5 }),
  'a POST whose content is there': `${head({ method: 'POST', target: '/a', length: 5 })}12345`,
  'a GET that asks': head({ method: 'GET', target: '/a', expect: '100-continue' }),
  'a POST that asks': asking({ method: 'POST', target: '/a' }),
} as const

describe('K4.1 requests behind one that takes its time', () => {
  for (const [what, blocker] of Object.entries(blockers)) {
    const main = what === 'a POST whose content is there'
    input({
      id: 'K4.1',
      title: `${HELD} GETs behind ${what} are held within bounds, then answered in order`,
      scene: 'answers when told',
      on: main ? ['express5', 'koa', 'fastify', 'attach', 'gate'] : ['attach'],
      // Node keeps some megabytes, and the framework's own objects; the long form has both.
      control: false,
      neighbour: !main,
      run: async (site) => {
        const before = await site.memory()
        const client = await site.client()
        client.send(blocker)
        await site.noted('came')
        const sent = client.sendAll(GET_OK.repeat(HELD), 15_000)
        sent.catch(() => undefined)
        await wait(500)
        const after = await site.memory()
        // Node itself takes some thousand of them before it stops to read: up to 18 MB with Koa.
        expect(after.heap + after.buffers - before.heap - before.buffers).toBeLessThan(25_000_000)
        await site.lives()
        const other = await site.client()
        other.send(GET_OK)
        expect((await other.final()).text).toBe('ok')
        const complete = what === 'a POST whose content is there' || what === 'a GET that asks'
        if (!complete) return
        await site.signal('answer')
        let answers = 0
        const first = await client.answer({ withinMs: 5_000 })
        expect(first.text).toBe('told')
        if (saysClose(first)) return
        for (; answers < 100; answers += 1) expect((await client.final()).text).toBe('ok')
      },
    })
  }
})

describe('K4.2 a client that leaves garbage behind and goes', () => {
  const behind: Readonly<Record<string, string>> = {
    garbage: '\u0000\u0001 garbage\r\n\r\n',
    'a request that is malformed': 'GET /x y z\r\n\r\n',
    'a POST of 300 kB': `${head({ method: 'POST', length: 300_000 })}${'x'.repeat(300_000)}`,
    'half a head': 'GET / HTTP/1.1\r\nHost',
    nothing: '',
  }
  for (const [what, bytes] of Object.entries(behind)) {
    for (const leave of ['destroy', 'reset'] as const) {
      for (const target of ['/sse', '/never']) {
        const main = what === 'garbage' && leave === 'destroy' && target === '/sse'
        input({
          id: 'K4.2',
          title: `${what} behind GET ${target}, ${leave}: no connection is left`,
          scene: 'events',
          transports: main ? ['http', 'tls'] : ['http'],
          neighbour: !main,
          run: async (site) => {
            if (site.trial.transport === 'tls' && leave === 'reset') return
            const clients = await Promise.all(Array.from({ length: 20 }, () => site.client()))
            for (const client of clients) {
              client.send(head({ method: 'GET', target, expect: '100-continue' }))
            }
            await allThere(site, clients.length)
            for (const client of clients) client.send(bytes)
            await wait(50)
            for (const client of clients) client[leave]()
            await noneLeft(site)
          },
        })
      }
    }
  }
})

describe('K4.3 a slow client that sends what it announced, then reads', () => {
  for (const [what, scene, parts, ms] of [
    ['60 x 1 kB, one each 60 ms', 'refuses', 60, 60],
    ['12 x 1 kB, one each 100 ms, idle 400 ms', 'refuses, idle 400 ms', 12, 100],
    ['60 x 1 kB, one each 100 ms', 'refuses', 60, 100],
  ] as const) {
    input({
      id: 'K4.3',
      title: `${what}: 401, and the connection as it said`,
      scene,
      neighbour: scene !== 'refuses' || ms !== 60,
      run: async (site) => {
        const client = await site.client()
        client.stopReading()
        client.send(head({ length: parts * 1000 }))
        for (let sent = 0; sent < parts; sent += 1) {
          await client.sendAll('x'.repeat(1000))
          await wait(ms)
        }
        client.startReading()
        const response = await client.final()
        expect(response.status).toBe(401)
        await keepsItsWord(client, response)
      },
    })
  }
})

describe('K4.4, P2 a handler that breaks off', () => {
  for (const way of breaks) {
    for (const [what, request] of Object.entries({
      'with content that is there': `${head({ length: 5 })}hello`,
      'with content open': `${head({ length: 50_000 })}hello`,
      'with chunks open': `${head({ chunked: true })}5\r\nhello\r\n`,
    })) {
      // Whether such a request has ended by then is a matter of the moment, without the library too.
      if (way === 'request.destroy(error)' && what === 'with content that is there') continue
      const main = way === 'request.destroy()' && what === 'with content that is there'
      input({
        id: 'K4.4',
        title: `${way} ${what}: the connection is over`,
        scene: `breaks off by ${way}`,
        transports: main ? ['http', 'tls', 'duplex'] : ['http'],
        neighbour: !main,
        run: async (site) => {
          const client = await site.client()
          client.send(request)
          expect(await client.over(8_000)).toBe('')
        },
      })
    }
  }

  input({
    id: 'K4.4',
    title: 'an answer a turn later still arrives',
    scene: 'destroys, then answers',
    // Without the library the connection is gone.
    control: false,
    run: async (site) => {
      const client = await site.client()
      client.send(`${head({ length: 50_000 })}hello`)
      expect((await client.final()).status).toBe(403)
    },
  })
})

describe('K4.9 an answer that the client never reads', () => {
  // A client that has sent all, and does not take the answer, is left alone: Node does the same.
  for (const length of [1_000_000, 50_000]) {
    input({
      id: 'K4.9',
      title: `20 MB of refusal of ${length} bytes to a client that does not look: cut in bounds`,
      scene: 'large refusal',
      on: gates,
      control: false,
      neighbour: length !== 1_000_000,
      run: async (site) => {
        const client = await site.client()
        client.stopReading()
        client.send(`${head({ length })}hello`)
        await site.noted('came')
        await noneLeft(site, 6_000)
      },
    })
  }
})
