// The server counts no connection any more, in a bounded time.
import { setTimeout as wait } from 'node:timers/promises'
import type { Site } from './input.js'

export async function noneLeft(site: Site, ms = 8_000): Promise<void> {
  const end = Date.now() + ms
  while ((await site.connections()) > 0 && Date.now() < end) await wait(25)
  expect(await site.connections()).toBe(0)
}
