// K3.1, K3.2: content that somebody reads is not taken away by an answer: it arrives whole, and what
// the answer said about the connection is true.
import { setTimeout as wait } from 'node:timers/promises'
import { gunzipSync } from 'node:zlib'
import type { RawClient } from '../support/raw-client.js'
import { head } from '../support/request.js'
import { echoes, readers } from './scenes/readers-of-content.js'
import { keeps, keepsItsWord } from './support/connection.js'
import { input } from './support/input.js'
import { StreamTalk, sessionServes, sessionWith } from './support/streams.js'

const inChunks = (part: Buffer): Buffer =>
  Buffer.concat([Buffer.from(`${part.length.toString(16)}\r\n`), part, Buffer.from('\r\n')])

interface Sending {
  readonly size: number
  readonly send: (client: RawClient) => Promise<void>
}

async function drip(client: RawClient, bytes: Buffer, step: number, ms: number): Promise<void> {
  for (let at = 0; at < bytes.length; at += step) {
    client.send(bytes.subarray(at, at + step))
    await wait(ms)
  }
}

const LARGE = Buffer.alloc(300_000, 'x')

const sendings: Readonly<Record<string, Sending>> = {
  '300,000 bytes': {
    size: 300_000,
    send: async (client) => void client.send(head({ length: 300_000 })).send(LARGE),
  },
  '300,000 bytes in chunks': {
    size: 300_000,
    send: async (client) => {
      client.send(head({ chunked: true }))
      for (let at = 0; at < 10; at += 1) client.send(inChunks(LARGE.subarray(0, 30_000)))
      client.send('0\r\n\r\n')
    },
  },
  '300,000 bytes, 20 ms after the head': {
    size: 300_000,
    send: async (client) => {
      client.send(head({ length: 300_000 }))
      await wait(20)
      client.send(LARGE)
    },
  },
  '5000 bytes that drip': {
    size: 5000,
    send: (client) => {
      client.send(head({ length: 5000 }))
      return drip(client, LARGE.subarray(0, 5000), 250, 10)
    },
  },
  '70,000 bytes that drip': {
    size: 70_000,
    send: (client) => {
      client.send(head({ length: 70_000 }))
      return drip(client, LARGE.subarray(0, 70_000), 5000, 10)
    },
  },
  '100 bytes': {
    size: 100,
    send: async (client) => void client.send(head({ length: 100 }) + 'x'.repeat(100)),
  },
}

describe('K3.1 the handler answers first and reads on', () => {
  for (const reader of readers) {
    // Node itself sees no reader in these when the answer comes first, and throws the content away.
    const dumped = reader === 'Readable.toWeb' || reader === 'readable'
    for (const [what, { size, send }] of Object.entries(sendings)) {
      for (const status of [200, 401]) {
        const main = what === '300,000 bytes' && reader === 'pipe into a file' && status === 200
        if (!main && status === 401 && what !== '300,000 bytes') continue
        input({
          id: 'K3.1',
          title: `${what}, ${status}, ${reader}: all of it is read`,
          scene: `answers ${status} first, ${reader}`,
          control: !dumped,
          transports: main ? ['http', 'tls', 'duplex'] : ['http'],
          neighbour: !main,
          run: async (site) => {
            const client = await site.client()
            const sent = send(client)
            const response = await client.final()
            expect(response.status).toBe(status)
            await sent
            expect(await site.noted('whole')).toBe(String(size))
            await keepsItsWord(client, response)
          },
        })
      }
    }

    for (const [when, ms] of [
      ['with the head', 0],
      ['20 ms after the head', 20],
    ] as const) {
      input({
        id: 'K3.1',
        title: `a client that asks and sends ${when}, ${reader}: all of it is read`,
        scene: `answers 202 first, ${reader}`,
        control: !dumped,
        neighbour: true,
        run: async (site) => {
          const client = await site.client()
          const asks = head({ length: 300_000, expect: '100-continue' })
          if (ms === 0) client.send(Buffer.concat([Buffer.from(asks), LARGE]))
          else {
            client.send(asks)
            await wait(ms)
            client.send(LARGE)
          }
          const response = await client.answer()
          expect(response.status).toBe(202)
          expect(await site.noted('whole')).toBe('300000')
          await keepsItsWord(client, response)
        },
      })
    }

    input({
      id: 'K3.1',
      title: `a stream, ${reader}: all of it is read`,
      scene: `answers 200 first, ${reader}`,
      transports: reader === 'pipe into a file' ? ['h2c', 'h2'] : ['h2c'],
      neighbour: reader !== 'pipe into a file',
      run: async (site) => {
        const session = await sessionWith(site)
        const talk = new StreamTalk(session, { ':path': '/a' })
        talk.stream.write(LARGE.subarray(0, 30_000))
        expect((await talk.answer()).status).toBe(200)
        talk.stream.end(LARGE.subarray(30_000))
        expect(await site.noted('whole')).toBe('300000')
        await sessionServes(session)
      },
    })
  }
})

describe('K3.2 the content is the answer', () => {
  for (const status of [201, 404, 422]) {
    input({
      id: 'K3.2',
      title: `an echo with status ${status}: kept`,
      scene: `echo with ${status}`,
      neighbour: true,
      run: async (site) => {
        const client = await site.client()
        client.send(head({ length: 40_000 })).send(LARGE.subarray(0, 20_000))
        await wait(10)
        client.send(LARGE.subarray(0, 20_000))
        const response = await client.final()
        expect([response.status, response.body.length]).toEqual([status, 40_000])
        await keeps(client, response)
      },
    })
  }

  for (const way of echoes) {
    for (const chunked of [false, true]) {
      for (const expect100 of [false, true]) {
        const main = way === 'pipe through gzip' && !chunked && !expect100
        input({
          id: 'K3.2',
          title: `${chunked ? 'chunks' : 'a length'}${expect100 ? ', asking' : ''}, ${way}: kept`,
          scene: `echo by ${way}`,
          transports: main ? ['http', 'tls', 'duplex'] : ['http'],
          neighbour: !main,
          run: async (site) => {
            const client = await site.client()
            const asks = expect100 ? { expect: '100-continue' } : {}
            client.send(head(chunked ? { chunked, ...asks } : { length: 200_000, ...asks }))
            if (expect100) await client.continue()
            for (let at = 0; at < 10; at += 1) {
              const part = LARGE.subarray(0, 20_000)
              client.send(chunked ? inChunks(part) : part)
              await wait(2)
            }
            if (chunked) client.send('0\r\n\r\n')
            const response = await client.final({ withinMs: 5_000 })
            const body = way.includes('gzip') ? gunzipSync(response.body) : response.body
            expect(body.length).toBe(200_000)
            await keeps(client, response)
          },
        })
      }
    }
  }
})
