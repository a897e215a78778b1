// What an Outcome says of the main kinds of exchange, in each place: facts, once, when it has settled.

import type { Outcome } from '@expectation/core'
import { keepConsoleErrors } from '../support/console.js'
import { outcomes } from '../support/outcomes.js'
import { RawClient } from '../support/raw-client.js'
import { forbidStrayErrors } from '../support/stray-errors.js'
import { OUTCOME_KINDS } from './support/outcome-kinds.js'
import { PLACES, type Place, start } from './support/places.js'

forbidStrayErrors()
keepConsoleErrors()

const base = {
  method: 'PUT',
  target: '/files/a',
  protocol: '1.1',
  receivedBytes: 0,
  lingeredBytes: 0,
  continueSent: false,
  clientGone: false,
} as const

for (const place of PLACES) {
  describe(`the outcome on ${place}`, () => {
    for (const [shown, kind] of Object.entries(OUTCOME_KINDS)) {
      const { places = PLACES, options = {}, save, routed = true } = kind
      if (!places.includes(place)) continue
      test(`${shown}: ${JSON.stringify(kind.facts.connection)}, told once`, async () => {
        const told = outcomes()
        const running = await start(place, {
          options: { ...options, onOutcome: told.onOutcome },
          ...(save !== undefined && { save }),
        })
        const client = await RawClient.connect(running)
        await kind.act(client.send(kind.bytes))
        const { durationMs, decisionMs, continueAfterMs, route, ...facts } = await told.first()
        expect(facts).toEqual({ ...base, ...kind.facts })
        expect(route).toBe(routeIn(place, routed))
        const times = { decisionMs, continueAfterMs }
        for (const name of kind.times ?? []) {
          expect(times[name]).toBeGreaterThanOrEqual(0)
          expect(times[name]).toBeLessThanOrEqual(durationMs)
        }
        if (!facts.continueSent) expect(continueAfterMs).toBeUndefined()
        checkArithmetic(facts)
        client.destroy()
        await new Promise((resolve) => setImmediate(resolve))
        expect(told.all).toHaveLength(1)
      })
    }
  })
}

/** Fastify has found the route before any hook runs; a bare server has none. */
function routeIn(place: Place, routed: boolean): string | undefined {
  if (place === 'bare') return undefined
  return routed || place === 'fastify' ? '/files/:name' : undefined
}

function checkArithmetic(
  outcome: Pick<Outcome, 'receivedBytes' | 'lingeredBytes'> & Partial<Outcome>,
): void {
  const { declaredBytes, receivedBytes, lingeredBytes, avoidedBytes } = outcome
  if (declaredBytes === undefined) expect(avoidedBytes).toBeUndefined()
  else expect(avoidedBytes).toBe(declaredBytes - receivedBytes - lingeredBytes)
}
