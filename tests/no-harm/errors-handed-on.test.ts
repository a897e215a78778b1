// K1.3, K1.5: once the answer is whole, the request fails nobody: a handler that copies it and hands
// errors on has none to hand on. Over the limit the 413 is out before the stream fails.
import { setTimeout as wait } from 'node:timers/promises'
import { head } from '../support/request.js'
import { copyWays } from './scenes/copy-ways.js'
import { overLimitReaders } from './scenes/over-limit-readers.js'
import { gates, input } from './support/input.js'

const PART = Buffer.alloc(65_536, 'x')

const framings = {
  'a declared length': { request: head({ length: 20_000_000 }), wrap: (part: Buffer) => part },
  chunks: {
    request: head({ chunked: true }),
    wrap: (part: Buffer) =>
      Buffer.concat([Buffer.from(`${part.length.toString(16)}\r\n`), part, Buffer.from('\r\n')]),
  },
} as const

describe('K1.3 the client leaves after the answer', () => {
  for (const way of copyWays) {
    for (const [framing, { request, wrap }] of Object.entries(framings)) {
      for (const status of [403, 200]) {
        const main =
          way === 'copy.destroy(error)' && status === 403 && framing === 'a declared length'
        input({
          id: 'K1.3',
          title: `${status}, ${framing}, ${way}`,
          scene: `copies, ${status}: ${way}`,
          transports: main ? ['http', 'tls', 'duplex'] : ['http'],
          neighbour: !main,
          run: async (site) => {
            const client = await site.client()
            client.send(request)
            for (let sent = 0; sent < (main ? 76 : 4); sent += 1) client.send(wrap(PART))
            expect((await client.final()).status).toBe(status)
            client.destroy()
            // Long enough for the server to see it, and for what then is thrown to end the process.
            await wait(50)
          },
        })
      }
    }
  }

  input({
    id: 'K1.3',
    title: 'the client resets after the answer',
    scene: `copies, 403: copy.destroy(error)`,
    neighbour: true,
    run: async (site) => {
      const client = await site.client()
      client.send(framings['a declared length'].request)
      client.send(PART)
      expect((await client.final()).status).toBe(403)
      client.reset()
      await wait(50)
    },
  })

  input({
    id: 'K1.3',
    title: 'the client sends on after the answer, as far as it is let',
    scene: `copies, 403: copy.destroy(error)`,
    neighbour: true,
    run: async (site) => {
      const client = await site.client()
      client.send(framings['a declared length'].request)
      expect((await client.final()).status).toBe(403)
      for (let sent = 0; sent < 20; sent += 1) {
        client.send(PART)
        await wait(2)
      }
      client.destroy()
      await wait(50)
    },
  })
})

describe('K1.5 content of undeclared length goes over the limit while it is read', () => {
  for (const reader of overLimitReaders) {
    const main = reader === 'for await'
    input({
      id: 'K1.5',
      title: `the 413 is written before the stream fails: ${reader}`,
      scene: `over the limit: ${reader}`,
      // Where a framework is mounted, an error that the handler hands on is answered by the framework.
      on: main ? gates : ['gate'],
      transports: main ? ['http', 'tls', 'duplex'] : ['http'],
      control: false,
      neighbour: !main,
      run: async (site) => {
        const client = await site.client()
        client.send(head({ method: 'POST', chunked: true }))
        client.send(framings.chunks.wrap(Buffer.alloc(600)))
        await wait(20)
        client.send(framings.chunks.wrap(Buffer.alloc(600)))
        const response = await client.final()
        expect(response.status).toBe(413)
        expect(response.json()).toMatchObject({ error: { reason: 'content_too_large' } })
        client.destroy()
        await wait(50)
      },
    })

    input({
      id: 'K1.5',
      title: `a client that leaves in the middle: ${reader}`,
      scene: `over the limit: ${reader}`,
      neighbour: true,
      run: async (site) => {
        const client = await site.client()
        client.send(head({ method: 'POST', chunked: true }))
        client.send(framings.chunks.wrap(Buffer.alloc(600)))
        await site.noted('reading')
        client.reset()
        await wait(50)
      },
    })
  }
})
