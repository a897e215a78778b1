// K2: content that came before anybody looked is content that has been received: the connection is
// kept as without the library, and a limit that becomes known late is compared with what is there.
import { chunks, head } from '../support/request.js'
import { moments } from './scenes/content-moments.js'
import { keeps } from './support/connection.js'
import { input } from './support/input.js'

const framed = {
  'two bytes': (target: string) => `${head({ method: 'POST', target, length: 2 })}hi`,
  'two bytes in a chunk': (target: string) =>
    head({ method: 'POST', target, chunked: true }) + chunks('hi'),
  'two bytes, asking': (target: string) =>
    `${head({ method: 'POST', target, length: 2, expect: '100-continue' })}hi`,
  '9 kB': (target: string) => head({ method: 'POST', target, length: 9000 }) + 'x'.repeat(9000),
  '9 kB in chunks': (target: string) =>
    head({ method: 'POST', target, chunked: true }) + chunks('x'.repeat(4000), 'x'.repeat(5000)),
} as const

describe('K2.1 pipelined requests, whole in one segment', () => {
  for (const [what, request] of Object.entries(framed)) {
    for (const moment of moments) {
      for (const status of [200, 401]) {
        const main = what === 'two bytes' && moment === 'after 20 ms' && status === 200
        input({
          id: 'K2.1',
          title: `two POSTs of ${what} and a GET, ${status} ${moment}`,
          scene: `${status} ${moment}`,
          transports: main ? ['http', 'tls', 'duplex'] : ['http'],
          neighbour: !main,
          run: async (site) => {
            const client = await site.client()
            const [a, b] = [site.target('/a'), site.target('/b')]
            client.send(request(a) + request(b) + head({ method: 'GET', target: '/c' }))
            for (const expected of ['</a>', '</b>', '</c>']) {
              const response = await client.answer()
              expect([response.status, response.text]).toEqual([status, expected])
              if (expected === '</c>') await keeps(client, response)
            }
            if (site.plain || what !== 'two bytes') return
            const outcome = await site.outcome('/b')
            // An answer that is given before the content is parsed has a rest to drain.
            expect([2, ['kept', 'drained']]).toEqual([
              outcome.receivedBytes,
              expect.arrayContaining([outcome.connection]),
            ])
          },
        })
      }
    }
  }

  for (const count of [4, 50]) {
    for (const moment of ['after 20 ms', 'after a microtask', 'at once']) {
      input({
        id: 'K2.1',
        title: `${count} requests at a time, 200 in all, on one connection, ${moment}`,
        scene: `200 ${moment}`,
        neighbour: count !== 4,
        run: async (site) => {
          const client = await site.client()
          const total = moment === 'after 20 ms' ? 4 * count : 200
          client.send(framed['two bytes']('/a').repeat(count))
          for (let answered = 0; answered < total; answered += 1) {
            expect((await client.final()).text).toBe('</a>')
            if (answered + count < total) client.send(framed['two bytes']('/a'))
          }
        },
      })
    }
  }

  input({
    id: 'K2.1',
    title: 'the second content ends in a segment of its own',
    scene: '200 after 20 ms',
    neighbour: true,
    run: async (site) => {
      const client = await site.client()
      client.send(framed['two bytes']('/a') + framed['two bytes']('/b').slice(0, -1))
      expect((await client.final()).text).toBe('</a>')
      client.send(`i${head({ method: 'GET', target: '/c' })}`)
      expect((await client.final()).text).toBe('</b>')
      expect((await client.final()).text).toBe('</c>')
    },
  })
})

describe('K2.2 an outer server has read the content', () => {
  for (const [what, request] of Object.entries(framed)) {
    for (const scene of ['200 at once', '200 after 20 ms', '401 at once', '401 after 20 ms']) {
      const main = what === 'two bytes' && scene === '200 after 20 ms'
      input({
        id: 'K2.2',
        title: `two POSTs of ${what} on a kept connection, ${scene}`,
        scene,
        transports: ['outer'],
        neighbour: !main,
        run: async (site) => {
          const client = await site.client()
          for (const path of ['/a', '/b']) {
            client.send(request(path))
            expect((await client.answer()).text).toBe(`<${path}>`)
          }
          client.send(head({ method: 'GET', target: '/ok' }))
          expect((await client.final()).text).toBe('ok')
        },
      })
    }
  }
})

const whole: Readonly<Record<string, string>> = {
  'one chunk': chunks('hi'),
  'a chunk extension': '2;a=b\r\nhi\r\n0\r\n\r\n',
  'a trailer': '2\r\nhi\r\n0\r\nA: b\r\n\r\n',
  'no content': '0\r\n\r\n',
  'many chunks': chunks(...Array.from({ length: 100 }, () => 'x')),
  '1 kB': chunks('x'.repeat(1000)),
  '9 kB': chunks('x'.repeat(9000)),
}

describe('K2.4 chunks that stand whole behind their head', () => {
  for (const [what, content] of Object.entries(whole)) {
    for (const scene of [
      '200 at once',
      '401 at once',
      '200 after a microtask',
      '401 after 20 ms',
    ]) {
      const main = what === 'one chunk' && scene === '200 at once'
      input({
        id: 'K2.4',
        title: `${what}, ${scene}: kept`,
        scene,
        transports: main ? ['http', 'tls', 'duplex'] : ['http'],
        neighbour: !main,
        run: async (site) => {
          const client = await site.client()
          client.send(head({ method: 'POST', target: '/a', chunked: true }) + content)
          const response = await client.final()
          expect(response.text).toBe('</a>')
          await keeps(client, response)
        },
      })
    }

    input({
      id: 'K2.4',
      title: `${what}, and a request behind it in the same segment`,
      scene: '200 at once',
      neighbour: true,
      run: async (site) => {
        const client = await site.client()
        const post = head({ method: 'POST', target: '/a', chunked: true }) + content
        client.send(post + post + head({ method: 'GET', target: '/ok' }))
        for (const text of ['</a>', '</a>', 'ok']) expect((await client.final()).text).toBe(text)
      },
    })
  }
})
