// K3.3 to K3.5: who listens a moment later gets the content; who does not read behind an early answer
// is told no error; and a head that goes out before content was asked for takes the 100 along.
import { setTimeout as wait } from 'node:timers/promises'
import { head } from '../support/request.js'
import { headsFirst, lateListeners } from './scenes/readers-of-content.js'
import { keepsItsWord } from './support/connection.js'
import { input } from './support/input.js'
import { StreamTalk, sessionServes, sessionWith } from './support/streams.js'

describe('K3.3 listeners that come after resume()', () => {
  for (const way of lateListeners) {
    const whole = way === 'resume and end only' ? '<ended>' : '<20000>'
    input({
      id: 'K3.3',
      title: `${way}: content that comes later`,
      scene: way,
      transports: way === 'resume, a microtask, data' ? ['http', 'tls', 'duplex'] : ['http'],
      neighbour: way !== 'resume, a microtask, data',
      run: async (site) => {
        const client = await site.client()
        client.send(head({ length: 20_000 }))
        await site.noted('came')
        await wait(30)
        client.send('x'.repeat(20_000))
        expect((await client.final({ withinMs: 5_000 })).text).toBe(whole)
      },
    })
    // With the content behind the head, who comes a promise later has missed it, also without us.
    if (way === 'resume and end only' || way.startsWith('pause')) {
      input({
        id: 'K3.3',
        title: `${way}: content that is there`,
        scene: way,
        neighbour: true,
        run: async (site) => {
          const client = await site.client()
          client.send(head({ length: 20_000 }) + 'x'.repeat(20_000))
          expect((await client.final()).text).toBe(whole)
        },
      })
    }
    input({
      id: 'K3.3',
      title: `${way}: a stream`,
      scene: way,
      transports: ['h2c'],
      neighbour: way !== 'resume, a microtask, data',
      run: async (site) => {
        const session = await sessionWith(site)
        const talk = new StreamTalk(session, { ':path': '/a' })
        await site.noted('came')
        await wait(30)
        talk.stream.end('x'.repeat(20_000))
        expect((await talk.answer()).text).toBe(whole)
        await sessionServes(session)
      },
    })
  }
})

describe('K3.4 events of a request that nobody reads behind an early answer', () => {
  for (const scene of ['answers at once and listens', 'answers later and listens']) {
    for (const [size, chunked] of [
      [20_000, false],
      [300_000, false],
      [20_000, true],
    ] as const) {
      input({
        id: 'K3.4',
        title: `${scene}: ${size} bytes${chunked ? ' in chunks' : ''}: no error, no abort`,
        scene,
        transports: size === 300_000 ? ['http', 'tls', 'duplex'] : ['http'],
        neighbour: scene !== 'answers at once and listens',
        run: async (site) => {
          const client = await site.client()
          client.send(chunked ? head({ chunked }) : head({ length: size }))
          await wait(5)
          const content = 'x'.repeat(size)
          client.send(chunked ? `${size.toString(16)}\r\n${content}\r\n0\r\n\r\n` : content)
          const response = await client.final()
          expect(response.status).toBe(401)
          if (response.field('connection') === 'close') await client.fin()
          client.halfClose()
          await site.house.until(
            'end or close',
            () => site.notes.find((note) => note === 'end' || note === 'close'),
            5_000,
          )
          await wait(20)
          expect(site.notes).not.toContain('aborted')
          expect(site.notes).not.toContain('error')
        },
      })
    }

    for (const last of [true, false]) {
      input({
        id: 'K3.4',
        title: `${scene}: a stream that ${last ? 'ends' : 'stays open'}: one close, no error`,
        scene,
        transports: ['h2c', 'h2'],
        neighbour: scene !== 'answers at once and listens' || !last,
        // Without the library the request of a stream that is reset says 'aborted'.
        control: last,
        run: async (site) => {
          const session = await sessionWith(site)
          const talk = new StreamTalk(session, { ':path': '/a' })
          if (last) talk.stream.end('x'.repeat(20_000))
          else talk.stream.write('x'.repeat(20_000))
          expect((await talk.answer()).status).toBe(401)
          await site.noted('close')
          await wait(20)
          expect(site.notes.filter((note) => note === 'close')).toEqual(['close'])
          expect(site.notes).not.toContain('error')
          await sessionServes(session)
        },
      })
    }
  }
})

describe('K3.5 the head of the answer goes out before content was asked for', () => {
  for (const way of headsFirst) {
    const status = way.includes('201') ? 201 : 200
    for (const framing of [{ length: 5 }, { chunked: true }] as const) {
      const main = way === 'flushHeaders' && 'length' in framing
      input({
        id: 'K3.5',
        title: `${'length' in framing ? 'a length' : 'chunks'}, ${way}: 100, ${status}, data`,
        scene: `head first by ${way}`,
        transports: main ? ['http', 'tls', 'duplex'] : ['http'],
        neighbour: !main,
        run: async (site) => {
          const client = await site.client()
          client.send(head({ ...framing, expect: '100-continue' }))
          await client.continue()
          client.send('length' in framing ? '12345' : '5\r\n12345\r\n0\r\n\r\n')
          const response = await client.final()
          expect(response.status).toBe(status)
          expect(response.text).toMatch(/<5>$/)
          await keepsItsWord(client, response)
        },
      })
    }

    input({
      id: 'K3.5',
      title: `a stream, ${way}: 100, ${status}, data`,
      scene: `head first by ${way}`,
      transports: ['h2c'],
      neighbour: way !== 'flushHeaders',
      run: async (site) => {
        const session = await sessionWith(site)
        const talk = new StreamTalk(session, { ':path': '/a', expect: '100-continue' })
        await new Promise((resolve) => talk.stream.once('continue', resolve))
        talk.stream.end('12345')
        const answer = await talk.answer()
        expect([answer.status, talk.interims]).toEqual([status, 1])
        expect(answer.text).toMatch(/<5>$/)
        await sessionServes(session)
      },
    })
  }

  input({
    id: 'K3.5',
    title: 'a refusal by write takes no 100 along',
    scene: 'refuses by write',
    control: false,
    run: async (site) => {
      const client = await site.client()
      client.send(head({ length: 5, expect: '100-continue' }))
      expect((await client.final()).status).toBe(403)
    },
  })

  input({
    id: 'K3.5',
    title: 'an answer by end takes no 100 along',
    scene: '200 at once',
    control: false,
    run: async (site) => {
      const client = await site.client()
      client.send(head({ length: 5, expect: '100-continue' }))
      expect((await client.final()).status).toBe(200)
    },
  })
})
