// K4.5 to K4.8, P4: a linger costs little, never keeps a newcomer from its answer, and does not let the
// process end while a server is still being closed.
import { setTimeout as wait } from 'node:timers/promises'
import { head } from '../support/request.js'
import { gates, input, mounted } from './support/input.js'

describe('K4.5 all lingers are taken by clients that drip', () => {
  input({
    id: 'K4.5',
    title: 'the next refused client has its answer, ten times of ten',
    scene: 'few lingers',
    on: gates,
    control: false,
    run: async (site) => {
      const drips = await Promise.all(Array.from({ length: 5 }, () => site.client()))
      for (const client of drips) client.send(`${head({ length: 1_000_000 })}x`)
      for (const client of drips) expect((await client.final()).status).toBe(413)
      const dripping = setInterval(() => {
        for (const client of drips) client.send('x')
      }, 50)
      try {
        for (let round = 0; round < 10; round += 1) {
          const client = await site.client()
          // Writes everything before it looks, which is what loses an answer to a reset.
          client.stopReading()
          client.send(head({ length: 400_000 }))
          for (let part = 0; part < 8; part += 1) await client.sendAll('x'.repeat(50_000))
          client.startReading()
          expect((await client.final()).status).toBe(413)
        }
      } finally {
        clearInterval(dripping)
      }
    },
  })
})

const CROWD = 40

describe('K4.6, K4.7 what one lingering connection costs', () => {
  input({
    id: 'K4.6',
    title: 'an Expect of 7500 members is malformed, and keeps next to nothing',
    scene: 'limited',
    on: gates,
    control: false,
    run: async (site) => {
      const before = await site.memory()
      const expect_ = Array(7_500).fill('a').join(',')
      const clients = await Promise.all(Array.from({ length: CROWD }, () => site.client()))
      for (const client of clients) client.send(`${head({ expect: expect_, length: 50_000 })}x`)
      for (const client of clients) {
        const response = await client.final()
        expect(response.status).toBe(417)
        expect(response.text).toContain('malformed_expectation')
      }
      const after = await site.memory()
      // Node keeps the head of a request itself, 15 kB of it here.
      expect((after.heap - before.heap) / CROWD).toBeLessThan(100_000)
    },
  })

  input({
    id: 'K4.7',
    title: 'content that came with the head is let go of',
    scene: 'limited',
    on: gates,
    control: false,
    run: async (site) => {
      const warm = await site.client()
      warm.send(`${head({ length: 1_000_000 })}x`)
      expect((await warm.final()).status).toBe(413)
      const before = await site.memory()
      const clients = await Promise.all(Array.from({ length: CROWD }, () => site.client()))
      for (const client of clients) {
        client.send(head({ length: 1_000_000 }) + 'x'.repeat(200_000))
      }
      for (const client of clients) expect((await client.final()).status).toBe(413)
      await wait(100)
      const after = await site.memory()
      const grown = after.heap + after.buffers - before.heap - before.buffers
      expect(grown / CROWD).toBeLessThan(40_000)
    },
  })
})

describe('K4.8, P4 a server that is closed while something lingers', () => {
  for (const scene of ['refuses, then closes', 'closes, sends a head, reads, ends'] as const) {
    input({
      id: scene.startsWith('refuses') ? 'K4.8' : 'P4',
      title: `${scene}: its callback is called before the process ends`,
      scene,
      on: scene.startsWith('refuses') ? [...mounted, 'attach', 'gate'] : ['express5', 'attach'],
      fresh: true,
      run: async (site) => {
        const client = await site.client()
        const refused = scene.startsWith('refuses')
        client.send(`${head({ method: 'POST', length: refused ? 3_000_000 : 2 })}a`)
        await site.noted('closing')
        await site.house.ask({ do: 'leave' })
        await wait(50)
        if (refused) client.destroy()
        else client.send('b')
        await Promise.race([site.house.gone, wait(8_000)])
        expect(site.house.ended).toMatchObject({ code: 0 })
        expect(site.house.ended?.output).toContain('closed')
      },
    })
  }

  input({
    id: 'K4.8',
    title: 'a client that stays: the callback is called when the linger is over',
    scene: 'refuses, then closes',
    on: gates,
    control: false,
    fresh: true,
    run: async (site) => {
      const client = await site.client()
      client.send(`${head({ method: 'POST', length: 3_000_000 })}a`)
      expect((await client.final()).status).toBe(413)
      await site.noted('closing')
      await site.house.ask({ do: 'leave' })
      await Promise.race([site.house.gone, wait(8_000)])
      expect(site.house.ended).toMatchObject({ code: 0 })
      expect(site.house.ended?.output).toContain('closed')
    },
  })
})
