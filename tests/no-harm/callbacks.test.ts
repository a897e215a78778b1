// K1.4: what the application gives the gate to call may be asynchronous, may throw anything and may
// never settle. The client has a complete answer, and the process lives.
import { head } from '../support/request.js'
import { callbacks, waysToThrow } from './scenes/callbacks.js'
import { gates, input } from './support/input.js'

/** What the client sends so that the callback is called. */
const requests = {
  onOutcome: `${head({ length: 20 })}${'x'.repeat(20)}`,
  logger: `${head({ length: 20 })}${'x'.repeat(20)}`,
  format: `${head({ length: 20 })}${'x'.repeat(20)}`,
  checks: `${head({ length: 5 })}12345`,
  expectations: `${head({ expect: 'trial', length: 5 })}12345`,
} as const

/** Only what answers the question changes the answer. */
const statuses = {
  onOutcome: [413],
  logger: [413],
  format: [413, 500],
  checks: [200, 500, 503],
  expectations: [200, 417, 500, 503],
} as const

for (const callback of callbacks) {
  for (const way of waysToThrow) {
    const main = callback === 'onOutcome' && way === 'rejects with an error'
    input({
      id: 'K1.4',
      title: `${callback} ${way}`,
      scene: `${callback} ${way}`,
      on: gates,
      control: false,
      neighbour: !main,
      run: async (site) => {
        const client = await site.client()
        client.send(requests[callback])
        expect(statuses[callback]).toContain((await client.answer()).status)
        client.destroy()
        // The outcome, and what is told of it, comes when the connection is over.
        await site.lives()
        const next = await site.client()
        next.send(head({ method: 'GET', target: '/ok' }))
        expect((await next.final()).text).toBe('ok')
      },
    })
  }
}
