// K5.3, K6.2, K6.4: gates that meet on one request. Only what was said counts, the least limit holds, and the
// first request of a process is decided although nothing shows that a gate is there.
import { setTimeout as wait } from 'node:timers/promises'
import { head } from '../support/request.js'
import { input, mounted, type Site } from './support/input.js'
import { noneLeft } from './support/none-left.js'

const layered = mounted.filter((name) => name !== 'fastify')

async function refusal(site: Site, length: number): Promise<readonly [number, unknown]> {
  const client = await site.client()
  client.send(head({ target: site.target('/a'), length, expect: '100-continue' }))
  const response = await client.final()
  return [response.status, response.field('content-type')]
}

describe('K6.2 a gate that is silent takes nothing back', () => {
  input({
    id: 'K6.2',
    title: 'the second refuses by its limit: in the form and to the logger of the first',
    scene: 'a second gate with a limit',
    on: mounted,
    control: false,
    run: async (site) => {
      expect(await refusal(site, 5)).toEqual([413, 'application/problem+json; charset=utf-8'])
      expect(await site.noted('line')).toContain('413')
      await wait(20)
      expect(site.notes.filter((note) => note.startsWith('line'))).toHaveLength(1)
    },
  })

  input({
    id: 'K6.2',
    title: 'the bounds of the first hold for the refusal of the second',
    scene: 'a second gate with a limit',
    on: mounted,
    control: false,
    neighbour: true,
    run: async (site) => {
      const client = await site.client()
      client.send(head({ length: 1_000_000 }))
      expect((await client.final()).status).toBe(413)
      const drip = setInterval(() => client.send('x'), 50)
      await noneLeft(site).finally(() => clearInterval(drip))
    },
  })

  input({
    id: 'K6.2',
    title: 'a second that says nothing: the first as before',
    scene: 'a second gate without words',
    on: mounted,
    control: false,
    neighbour: true,
    run: async (site) =>
      expect(await refusal(site, 5)).toEqual([413, 'application/problem+json; charset=utf-8']),
  })

  input({
    id: 'K6.2',
    title: 'the least limit holds, whoever said it',
    scene: 'two gates with limits',
    // In Fastify a route's options are the route's own word, and no second gate.
    on: layered,
    control: false,
    neighbour: true,
    run: async (site) => expect((await refusal(site, 50))[0]).toBe(413),
  })
})

describe('K6.4 attach, twice', () => {
  input({
    id: 'K6.4',
    title: 'the options given last count, also what they say of the limit',
    scene: 'attached twice',
    on: ['gate'],
    control: false,
    run: async (site) => {
      const client = await site.client()
      client.send(head({ length: 5, expect: '100-continue' }))
      const response = await client.final()
      expect(response.status).toBe(413)
      expect(response.field('upload-limit')).toContain('1')
    },
  })
})

describe('K5.3 the first request of a process', () => {
  input({
    id: 'K5.3',
    title: 'a gate that instrumentation wraps decides it, and no 100 goes before',
    scene: 'a gate that instrumentation wraps',
    on: layered,
    control: false,
    fresh: true,
    run: async (site) => {
      expect((await refusal(site, 50))[0]).toBe(413)
      expect(site.house.warnings).toEqual([])
    },
  })
})
