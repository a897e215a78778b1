// K6.1, K6.3, K6.5, K6.10, P7, P8: what the application said stays as it said it: fields, messages,
// bounds, answers to an upgrade, listeners of its own.
import { head } from '../support/request.js'
import { companions, secrets } from './scenes/said-fields.js'
import { gates, input, mounted } from './support/input.js'
import { noneLeft } from './support/none-left.js'
import { StreamTalk, sessionWith } from './support/streams.js'

const requests = {
  'a GET': head({ method: 'GET' }),
  'a PUT': `${head({ length: 2 })}hi`,
  'a PUT that asks': head({ length: 50_000, expect: '100-continue' }),
} as const

describe('K6.1 companion fields are defaults', () => {
  for (const { status, field, value } of companions) {
    for (const place of ['on the response', 'on the error']) {
      for (const [what, request] of Object.entries(requests)) {
        const main = status === 429 && place === 'on the response' && what === 'a GET'
        input({
          id: 'K6.1',
          title: `${what}: ${status} with ${field} ${place}`,
          scene: `${status}: ${field} ${place}`,
          on: gates,
          control: false,
          neighbour: !main,
          run: async (site) => {
            const client = await site.client()
            client.send(request)
            const response = await client.final()
            expect([response.status, response.field(field)]).toEqual([status, value])
          },
        })
      }
    }
  }
})

describe('K6.3 the bounds of the gate hold in front of it, too', () => {
  input({
    id: 'K6.3',
    title: 'a 401 in front of the gate, and a client that drips: closed after linger.totalMs',
    scene: 'refused in front of the gate',
    on: mounted,
    control: false,
    run: async (site) => {
      const client = await site.client()
      client.send(head({ length: 1_000_000 }))
      expect((await client.final()).status).toBe(401)
      const drip = setInterval(() => client.send('x'), 50)
      await noneLeft(site, 5_000).finally(() => clearInterval(drip))
    },
  })
})

describe('K6.5 errors that were not made to be shown', () => {
  for (const name of secrets) {
    input({
      id: 'K6.5',
      title: `${name}: its message and headers stay inside`,
      scene: `secret: ${name}`,
      on: gates,
      control: false,
      neighbour: name !== 'status 401',
      run: async (site) => {
        const client = await site.client()
        client.send(requests['a GET'])
        expect((await client.final()).status).toBeGreaterThanOrEqual(400)
        expect(client.seen).not.toContain('sk_live_4242')
      },
    })
  }

  input({
    id: 'K6.5',
    title: 'one that says expose is shown',
    scene: 'shown: expose',
    on: gates,
    control: false,
    run: async (site) => {
      const client = await site.client()
      client.send(requests['a GET'])
      expect((await client.final()).text).toContain('made to be shown')
    },
  })
})

const UPGRADE = head({
  method: 'GET',
  expect: '100-continue',
  lines: ['Connection: Upgrade', 'Upgrade: trial'],
})
const UPGRADE_POST = head({
  method: 'POST',
  length: 2,
  expect: '100-continue',
  lines: ['Connection: Upgrade', 'Upgrade: trial'],
})

describe('K6.10 an upgrade that asks', () => {
  for (const [what, request] of Object.entries({ 'a GET': UPGRADE, 'a POST': UPGRADE_POST })) {
    input({
      id: 'K6.10',
      title: `${what} that the listener refuses: no 100`,
      scene: 'upgrade refused',
      transports: ['http', 'tls'],
      run: async (site) => {
        const client = await site.client()
        client.send(request)
        expect((await client.final()).status).toBe(403)
      },
    })

    input({
      id: 'K6.10',
      title: `${what} that is taken, behind a pending POST: 200 first, then 101`,
      scene: 'upgrade taken',
      control: false,
      run: async (site) => {
        const client = await site.client()
        client.send(`${head({ method: 'POST', length: 2 })}hi${request}`)
        const statuses: number[] = []
        while (!statuses.includes(101)) statuses.push((await client.next()).status)
        expect([
          [200, 101],
          [200, 100, 101],
        ]).toContainEqual(statuses)
      },
    })
  }
})

describe('P7 content of a stream that was piped and then thrown away', () => {
  for (const size of [60_000, 20_000, 2_000]) {
    input({
      id: 'P7',
      title: `${size} bytes: the stream is over on both sides`,
      scene: 'piped, then thrown away',
      transports: ['h2c', 'h2'],
      neighbour: size !== 60_000,
      run: async (site) => {
        const session = await sessionWith(site)
        const talk = new StreamTalk(session, { ':path': site.target('/a') })
        talk.stream.end('x'.repeat(size))
        const { status, text } = await talk.answer()
        expect([status, text]).toEqual([500, 'boom'])
        // A stream that stays open on the server is told to nobody: its outcome would be missing.
        await talk.over()
        if (!site.plain) expect((await site.outcome('/a')).status).toBe(500)
        session.client.destroy()
        await noneLeft(site, 3_000)
      },
    })
  }
})

describe('P8 writeContinue of a listener of its own', () => {
  input({
    id: 'P8',
    title: 'its callback is called',
    scene: 'its own checkContinue',
    on: ['attach'],
    run: async (site) => {
      const client = await site.client()
      client.send(head({ length: 2, expect: '100-continue' }))
      await client.continue()
      expect((await client.final()).text).toBe('continued')
      await site.noted('callback')
    },
  })

  input({
    id: 'P8',
    title: 'on a stream it says whether it was sent',
    scene: 'its own checkContinue',
    on: ['attach'],
    transports: ['h2c'],
    run: async (site) => {
      const session = await sessionWith(site)
      new StreamTalk(session, { ':path': '/a', expect: '100-continue' })
      expect(await site.noted('returned')).toBe('true')
    },
  })

  input({
    id: 'P8',
    title: 'a 100 that is written by writeInformation is the only one',
    scene: 'its own checkContinue, with fields',
    on: ['attach'],
    transports: ['http', 'tls'],
    run: async (site) => {
      const client = await site.client()
      client.send(head({ length: 2, expect: '100-continue' }))
      expect((await client.next()).status).toBe(100)
      client.send('hi')
      expect((await client.final()).text).toBe('read 2')
      expect(client.seen.match(/HTTP\/1.1 \d+/g)).toEqual(['HTTP/1.1 100', 'HTTP/1.1 200'])
    },
  })
})

describe('P8 a handler that leaves its request before it answers', () => {
  input({
    id: 'P8',
    title: '`aborted` and the signal of the request tell the same',
    scene: 'left before the answer',
    on: mounted,
    run: async (site) => {
      const client = await site.client()
      client.send(`${head({ length: 2 })}hi`)
      expect((await client.final()).text).toBe('left')
      expect(await site.noted('told')).toBe('true true')
    },
  })
})
