// The origins that a dispatcher remembers are bounded, as a plugin may choose any: what is forgotten of one takes
// its agent along.
import http from 'node:http'
import { dispatcher } from '@expectation/gateway'
import { afterThisTest } from '../support/cleanup.js'
import { areCollected } from '../support/collected.js'
import { within } from '../support/server.js'
import { testWhen } from '../support/skip.js'
import { forbidStrayErrors } from '../support/stray-errors.js'
import { answer, deadOrigin, rawUpstream } from './support/raw-upstream.js'

forbidStrayErrors()

const MOST_ORIGINS = 1000

// Node's types leave out what every agent has.
const prototype = http.Agent.prototype as unknown as { addRequest(...given: unknown[]): void }

/** The agent of each request, as long as somebody else has it. */
function watchAgents(): readonly WeakRef<object>[] {
  const { addRequest } = prototype
  const agents: WeakRef<object>[] = []
  prototype.addRequest = function (this: object, ...given: unknown[]) {
    agents.push(new WeakRef(this))
    addRequest.apply(this, given)
  }
  afterThisTest(() => {
    prototype.addRequest = addRequest
  })
  return agents
}

const loopback = process.platform === 'linux'

testWhen(loopback, 'only Linux has all of 127.0.0.0/8')(
  'agents of the origins that were used longest ago are let go, and no others',
  async () => {
    const agents = watchAgents()
    const { port } = new URL(await deadOrigin())
    const asked = dispatcher()
    afterThisTest(() => asked.destroy())
    const request = (origin: string): Promise<number | undefined> =>
      new Promise((resolve) => {
        asked.request({ origin, method: 'GET', path: '/' }, (_error, got) => {
          got?.body.resume()
          resolve(got?.statusCode)
        })
      })
    const { origin } = await rawUpstream(async (connection) => {
      for (;;) {
        await connection.head()
        connection.send(answer('200 OK'))
      }
    })
    const more = 20
    for (let at = 0; at < MOST_ORIGINS + more; at += more) {
      const some = Array.from({ length: more }, (_, index) => at + index).map((number) =>
        request(`http://127.1.${number >> 8}.${number & 255}:${port}`),
      )
      expect(new Set(await within('refused connections', Promise.all(some)))).toEqual(
        new Set([undefined]),
      )
      // One that is used all the time is not forgotten.
      expect(await within('an answer', request(origin))).toBe(200)
    }
    const kept = agents.at(more)
    const forgotten = agents.slice(0, more)
    expect(await areCollected(forgotten)).toBe(true)
    expect(kept?.deref()).toBe(agents.at(-1)?.deref())
    expect(kept?.deref()).toBeDefined()
  },
)
