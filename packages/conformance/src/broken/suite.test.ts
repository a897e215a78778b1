// The suite can fail: every case is caught by a server that is wrong in one way, and passes on the
// same server without the mistake. scripts/map-mutants.mjs writes caught-by.json anew.
import { readFileSync } from 'node:fs'
import path from 'node:path'
import { cases } from '../cases/index.js'
import { runCases } from '../run/run.js'
import { readAddress } from '../wire/address.js'
import { http2Mutants, startHttp2Model } from './http2-server.js'
import type { ModelServer } from './listening.js'
import { mutants } from './mutants.js'
import { modelRoutes } from './roles.js'
import { startModel } from './server.js'

const caughtBy: Readonly<Record<string, string>> = JSON.parse(
  readFileSync(path.join(__dirname, 'caught-by.json'), 'utf8'),
)

async function verdicts(server: ModelServer, ids: (id: string) => boolean, protocol: string) {
  try {
    const chosen = cases.filter((each) => each.protocol === protocol && ids(each.id))
    return await runCases(chosen, readAddress(server.url), { routes: modelRoutes, concurrency: 20 })
  } finally {
    await server.close()
  }
}

test('ids are unique, and every case stands in the map', () => {
  const ids = cases.map(({ id }) => id)
  expect(new Set(ids).size).toBe(ids.length)
  expect(Object.keys(caughtBy).sort()).toEqual([...ids].sort())
})

test('there are as many cases as promised', () => {
  const of = (protocol: string) => cases.filter((each) => each.protocol === protocol).length
  expect(of('http/1.1')).toBeGreaterThanOrEqual(120)
  expect(of('h2')).toBeGreaterThanOrEqual(15)
})

test('every case cites something and is data', () => {
  for (const each of cases) {
    expect(each.cites.length).toBeGreaterThan(0)
    expect(JSON.parse(JSON.stringify(each))).toEqual(each)
  }
})

test('every case needs the roles that its steps name: without them it would fail, and not be left out', () => {
  for (const { id, needs, steps } of cases) {
    const named = JSON.stringify(steps).matchAll(/(?:\{(?:method|target|fields):|"to":")(\w+)/g)
    const roles = new Set(Array.from(named, ([, role]) => role))
    const unneeded = [...roles].filter(
      (role) => role !== 'hello' && !needs.some((one) => one === role),
    )
    expect({ id, unneeded }).toEqual({ id, unneeded: [] })
  }
})

test('the model server passes every HTTP/1.1 case', async () => {
  const results = await verdicts(await startModel(), () => true, 'http/1.1')
  expect(results.filter(({ verdict }) => verdict !== 'pass')).toEqual([])
}, 60_000)

test('the model server passes every HTTP/2 case', async () => {
  const results = await verdicts(await startHttp2Model(), () => true, 'h2')
  expect(results.filter(({ verdict }) => verdict !== 'pass')).toEqual([])
}, 60_000)

describe('mutants', () => {
  const names = [...new Set(Object.values(caughtBy))]
  const uncaught = new Map<string, readonly string[]>()

  async function missedBy(name: string, among: readonly string[]): Promise<readonly string[]> {
    const http2 = http2Mutants[name]
    const server = await (http2 === undefined ? startModel(mutants[name]) : startHttp2Model(http2))
    const protocol = http2 === undefined ? 'http/1.1' : 'h2'
    const results = await verdicts(server, (id) => among.includes(id), protocol)
    return results.filter(({ verdict }) => verdict !== 'fail').map(({ id }) => id)
  }

  // Most of it is waiting for what does not come: side by side it takes seconds, not minutes.
  beforeAll(async () => {
    const queue = [...names]
    const lane = async (): Promise<void> => {
      for (let next = queue.shift(); next !== undefined; next = queue.shift()) {
        const mine = Object.keys(caughtBy).filter((id) => caughtBy[id] === next)
        uncaught.set(next, await missedBy(next, mine))
      }
    }
    await Promise.all(Array.from({ length: 4 }, lane))
    // A busy machine lets content catch up with its head; alone, it does not.
    for (const [name, missed] of uncaught) {
      if (missed.length > 0) uncaught.set(name, await missedBy(name, missed))
    }
  }, 120_000)

  for (const name of names) {
    test(`${name} is caught by each of its cases`, () => expect(uncaught.get(name)).toEqual([]))
  }
})
