// The scripted run: a thousand exchanges of every kind, mixed, several at a time.

import { subscribe, unsubscribe } from 'node:diagnostics_channel'
import { CHANNELS } from '@expectation/core/node'
import { RawClient } from '../../support/raw-client.js'
import { type Latch, latch, within } from '../../support/server.js'
import { ACCEPTED } from './accepted.js'
import { BROKEN_OFF } from './broken-off.js'
import type { Kind, Place } from './kinds.js'
import { type Adapter, start } from './places.js'
import { act, ROUTES } from './policies.js'
import { REFUSED_BY_APPLICATION } from './refused-by-application.js'
import { REFUSED_BY_GATE } from './refused-by-gate.js'

export const KINDS: Readonly<Record<string, Kind>> = {
  ...ACCEPTED,
  ...REFUSED_BY_GATE,
  ...REFUSED_BY_APPLICATION,
  ...BROKEN_OFF,
}

/** Clients at a time. */
const LANES = 8

/** The names of all exchanges, in an order that mixes the kinds and is the same every time. */
export function script(): readonly string[] {
  const places = Object.entries(KINDS).flatMap(([name, { times }]) =>
    Array.from({ length: times }, (_, index) => ({ name, at: (index + 0.5) / times })),
  )
  return places.sort((a, b) => a.at - b.at).map(({ name }) => name)
}

/** Runs all of it against one adapter, and resolves when every exchange has settled. */
export async function runScript(adapter: Adapter): Promise<void> {
  const reads = new Map<string, Latch>()
  const read = (name: string): Latch => {
    const known = reads.get(name) ?? latch()
    reads.set(name, known)
    return known
  }
  const inside = { read: (name: string) => read(name).open() }
  const { port } = await start(adapter, {
    routes: ROUTES,
    async save({ content }) {
      await act(content, inside)
      return '{}'
    },
  })
  const names = script()
  const settled = countOutcomes(names.length)
  const place: Place = {
    port,
    halfRead: (name) => within(`the handler of ${name}`, read(name).opened, 10_000),
    fresh: () => `upload-${reads.size}`,
  }
  const waiting = [...names]
  try {
    await Promise.all(Array.from({ length: LANES }, () => lane(waiting, place)))
    await within('all outcomes', settled.reached, 20_000)
  } finally {
    settled.stop()
  }
}

async function lane(waiting: string[], place: Place): Promise<void> {
  for (let name = waiting.shift(); name !== undefined; name = waiting.shift()) {
    const kind = KINDS[name]
    const client = await RawClient.connect(place)
    try {
      await kind?.run(client, place)
    } catch (error) {
      throw new Error(`An upload ${name}: ${String(error)}`)
    }
  }
}

function countOutcomes(wanted: number): { readonly reached: Promise<void>; stop(): void } {
  const { opened, open } = latch()
  let seen = 0
  const count = (): void => {
    seen += 1
    if (seen === wanted) open()
  }
  subscribe(CHANNELS.outcome, count)
  return { reached: opened, stop: () => void unsubscribe(CHANNELS.outcome, count) }
}
