// K5.1, K5.2, K5.4, K5.5: what runs for a request runs in its own context and leaves by the outermost
// `emit`; a connection that belongs to a handshake, or whose content has come, is kept.
import { chunks, head } from '../support/request.js'
import { challenges, entering, wrappings } from './scenes/contexts.js'
import { keeps, keepsItsWord } from './support/connection.js'
import { input } from './support/input.js'
import { StreamTalk, sessionWith } from './support/streams.js'

const as = (user: string, more: Parameters<typeof head>[0]): string =>
  head({ target: `/a?user=${user}`, lines: [`X-User: ${user}`], ...more })

const firsts = {
  'a POST with content': `${as('alice', { method: 'POST', length: 2 })}hi`,
  'a POST that asks': `${as('alice', { method: 'POST', length: 2, expect: '100-continue' })}hi`,
  chunks: as('alice', { method: 'POST', chunked: true }) + chunks('hi'),
} as const
const seconds = {
  'a GET': as('bob', { method: 'GET' }),
  'a GET that asks': as('bob', { method: 'GET', expect: '100-continue' }),
  'a POST that asks': `${as('bob', { method: 'POST', length: 2, expect: '100-continue' })}hi`,
} as const

describe('K5.1 one segment, two users', () => {
  for (const way of entering) {
    for (const [first, one] of Object.entries(firsts)) {
      for (const [second, other] of Object.entries(seconds)) {
        const main = way === 'run' && first === 'a POST with content' && second === 'a GET'
        input({
          id: 'K5.1',
          title: `${first}, then ${second}, ${way}: nobody runs as somebody else`,
          scene: `context by ${way}`,
          // `enterWith` holds for what comes behind it in the same turn, also without the library.
          control: way === 'run',
          neighbour: !main,
          ...(way === 'enterWith' && { on: ['attach', 'express5'] }),
          run: async (site) => {
            const client = await site.client()
            client.send(one + other)
            expect((await client.answer()).text).toBe('alice')
            expect((await client.answer()).text).toBe('bob')
            await site.noted('handle bob')
            if (way === 'run') expect(site.notes).toContain('enter bob as nobody')
            expect(site.notes).toContain('handle bob as bob')
            expect(site.notes).toContain('handle alice as alice')
            expect(site.notes).not.toContain('outcome alice as bob')
            expect(site.notes).not.toContain('outcome bob as alice')
          },
        })
      }
    }
  }
})

const asked = {
  'content that is there': `${head({ length: 2 })}hi`,
  'a client that asks': `${head({ length: 2, expect: '100-continue' })}hi`,
  'an asking GET': head({ method: 'GET', expect: '100-continue' }),
} as const

describe('K5.2 a wrapped emit sees every request', () => {
  for (const when of wrappings) {
    input({
      id: 'K5.2',
      title: `wrapped ${when} the library came: five requests, five contexts`,
      scene: `emit wrapped ${when}`,
      transports: ['http', 'tls'],
      run: async (site) => {
        let seen = 0
        for (const request of [...Object.values(asked), ...Object.values(asked)]) {
          seen += 1
          const client = await site.client()
          client.send(request)
          expect((await client.answer()).text).toBe(String(seen))
        }
      },
    })

    input({
      id: 'K5.2',
      title: `wrapped ${when} the library came: pipelined`,
      scene: `emit wrapped ${when}`,
      // Node writes the 100 of a later request into the answer of an earlier one.
      control: false,
      neighbour: true,
      run: async (site) => {
        const client = await site.client()
        client.send(Object.values(asked).join(''))
        const texts = [await client.answer(), await client.answer(), await client.answer()]
        expect([...texts.map(({ text }) => text)].sort()).toEqual(['1', '2', '3'])
      },
    })

    input({
      id: 'K5.2',
      title: `wrapped ${when} the library came: streams that ask`,
      scene: `emit wrapped ${when}`,
      transports: ['h2c'],
      run: async (site) => {
        const session = await sessionWith(site)
        for (const expected of ['1', '2']) {
          const talk = new StreamTalk(session, { ':path': '/a', expect: '100-continue' })
          talk.stream.end('hi')
          expect((await talk.answer()).text).toBe(expected)
        }
      },
    })
  }
})

describe('K5.4 a handshake belongs to its connection', () => {
  for (const name of Object.keys(challenges) as (keyof typeof challenges)[]) {
    for (const size of [70_000, 20_000, 200_000, 3_000_000]) {
      for (const [what, framing] of [
        ['a length', { length: size }],
        ['a length, asking', { length: size, expect: '100-continue' }],
        ['chunks', { chunked: true }],
      ] as const) {
        const main = name === 'NTLM and a token' && size === 70_000 && what !== 'chunks'
        if (!main && name !== 'NTLM and a token' && size !== 70_000) continue
        input({
          id: 'K5.4',
          title: `${name}, ${size} bytes, ${what}: kept`,
          scene: `challenges with ${name}`,
          transports: main ? ['http', 'tls'] : ['http'],
          neighbour: !main,
          run: async (site) => {
            const client = await site.client()
            const { status } = challenges[name]
            const lines = ['Authorization: NTLM TlRMTVNTUAABAAAA']
            client.send(head({ ...framing, lines }))
            if ('expect' in framing) await client.continue()
            const content = 'x'.repeat(size)
            client.send('chunked' in framing ? chunks(content) : content)
            const response = await client.final({ withinMs: 5_000 })
            expect(response.status).toBe(status)
            await keeps(client, response, 5_000)
          },
        })
      }
    }
  }
})

describe('K5.5 a refusal of small content keeps the connection', () => {
  for (const scene of ['401 at once', '401 after a microtask', '401 after 20 ms']) {
    for (const [what, request] of Object.entries({
      '1 kB in a chunk': head({ chunked: true }) + chunks('x'.repeat(1000)),
      '1 kB, asking': head({ length: 1000, expect: '100-continue' }) + 'x'.repeat(1000),
      '1 kB in a chunk, asking':
        head({ chunked: true, expect: '100-continue' }) + chunks('x'.repeat(1000)),
      '1 kB': head({ length: 1000 }) + 'x'.repeat(1000),
    })) {
      const main = scene === '401 at once' && what === '1 kB in a chunk'
      input({
        id: 'K5.5',
        title: `${what} with its head, ${scene}: 20 requests on one connection`,
        scene,
        transports: main ? ['http', 'tls', 'duplex'] : ['http'],
        neighbour: !main,
        run: async (site) => {
          const client = await site.client()
          for (let round = 0; round < 20; round += 1) {
            client.send(request)
            expect((await client.answer()).status).toBe(401)
          }
        },
      })
    }

    input({
      id: 'K5.5',
      title: `a small rest of chunks in a segment of its own, ${scene}: as it said`,
      scene,
      neighbour: true,
      run: async (site) => {
        const client = await site.client()
        client.send(`${head({ chunked: true })}5\r\n12345\r\n`)
        await new Promise((resolve) => setTimeout(resolve, 5))
        client.send('5\r\n12345\r\n0\r\n\r\n')
        const response = await client.final()
        expect(response.status).toBe(401)
        await keepsItsWord(client, response)
      },
    })
  }
})
