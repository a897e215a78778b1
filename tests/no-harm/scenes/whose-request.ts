// K5: contexts and connections that belong to somebody, and servers whose `emit` is wrapped.
import { AsyncLocalStorage } from 'node:async_hooks'
import { setTimeout as wait } from 'node:timers/promises'
import type { Scene, Scenes, Stage, Visit } from '../support/scene.js'
import { challenges, entering, wrappings } from './contexts.js'

interface Store {
  readonly user: string
}

const userOf = ({ request }: Visit): string => String(request.headers['x-user'])

function inContext(way: (typeof entering)[number]): (stage: Stage) => Scene {
  return ({ note }) => {
    const storage = new AsyncLocalStorage<Store>()
    const told = (what: string, whose: string): void =>
      note(`${what} ${whose} as ${storage.getStore()?.user ?? 'nobody'}`)
    const before = (visit: Visit, next: () => void): void => {
      told('enter', userOf(visit))
      const store = { user: userOf(visit) }
      if (way === 'run') storage.run(store, next)
      else {
        storage.enterWith(store)
        next()
      }
    }
    return {
      before,
      options: {
        onOutcome: ({ target }) =>
          told('outcome', new URL(target, 'http://a').searchParams.get('user') ?? ''),
      },
      handle: async (visit) => {
        await wait(10)
        told('handle', userOf(visit))
        visit.reply(200, userOf(visit))
      },
    }
  }
}

/** As Sentry isolates requests: it takes the place of `emit` of the instance. */
function wrapEmit(server: object, storage: AsyncLocalStorage<number>): void {
  let count = 0
  const emit = Reflect.get(server, 'emit') as (...given: unknown[]) => boolean
  Reflect.set(server, 'emit', function (this: unknown, ...given: unknown[]): boolean {
    if (given[0] !== 'request') return Reflect.apply(emit, this, given)
    count += 1
    return storage.run(count, () => Reflect.apply(emit, this, given))
  })
}

function isolated(when: (typeof wrappings)[number]): () => Scene {
  return () => {
    const storage = new AsyncLocalStorage<number>()
    return {
      ...(when === 'before' && { created: (server: object) => wrapEmit(server, storage) }),
      ...(when === 'after' && { ready: (server: object) => wrapEmit(server, storage) }),
      handle: async (visit) => {
        for await (const _part of visit.request);
        visit.reply(200, String(storage.getStore() ?? 'none'))
      },
    }
  }
}

export const whoseRequest: Scenes = {
  ...Object.fromEntries(entering.map((way) => [`context by ${way}`, inContext(way)])),
  ...Object.fromEntries(wrappings.map((when) => [`emit wrapped ${when}`, isolated(when)])),
  ...Object.fromEntries(
    Object.entries(challenges).map(([name, { status, field, value }]) => [
      `challenges with ${name}`,
      () => ({
        handle: (visit: Visit) => visit.reply(status, 'no', { [field]: value }),
      }),
    ]),
  ),
}
