// Applications whose process could end: with an `upgrade` listener, with callbacks that throw anything.
import type { ClientRequest, IncomingMessage } from 'node:http'
import type { Duplex } from 'node:stream'
import type { ExpectationOptions } from '@expectation/express'
import type { Scenes } from '../support/scene.js'
import { callbacks, waysToThrow } from './callbacks.js'

const SWITCH = 'HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: trial\r\n\r\n'

/** Listens to the socket's errors only once it was given the socket, as ws and socket.io do. */
function takesOver(answer: string) {
  return (_request: IncomingMessage | ClientRequest, socket: Duplex): void => {
    socket.on('error', () => undefined)
    socket.end(answer)
  }
}

type Thrown = () => unknown

const ways: Readonly<Record<(typeof waysToThrow)[number], Thrown>> = {
  'rejects with an error': async () => {
    throw new Error('db')
  },
  'throws an error': () => {
    throw new Error('db')
  },
  'rejects with undefined': () => Promise.reject(undefined),
  'rejects with null': () => Promise.reject(null),
  'rejects with Object.create(null)': () => Promise.reject(Object.create(null)),
  'throws undefined': () => {
    throw undefined
  },
  'throws Object.create(null)': () => {
    throw Object.create(null)
  },
  'throws what cannot be printed': () => {
    throw Object.defineProperty({}, 'message', {
      get: () => {
        throw new Error('unprintable')
      },
    })
  },
  'throws a proxy that refuses everything': () => {
    const refuse = (): never => {
      throw new Error('refused')
    }
    throw new Proxy({}, { get: refuse, has: refuse, getPrototypeOf: refuse, ownKeys: refuse })
  },
  'answers with a thenable that rejects': () => ({
    // biome-ignore lint/suspicious/noThenProperty: a promise of another library.
    then: (_resolve: unknown, reject: (error: unknown) => void) => reject(new Error('db')),
  }),
  'answers with a thenable that throws': () => ({
    // biome-ignore lint/suspicious/noThenProperty: a promise of another library.
    then: () => {
      throw new Error('then')
    },
  }),
  'answers with a getter of then that throws': () =>
    Object.defineProperty({}, 'then', {
      get: () => {
        throw new Error('then')
      },
    }),
  'never settles': () => new Promise(() => undefined),
}

function optionsWith(callback: (typeof callbacks)[number], thrown: Thrown): ExpectationOptions {
  // What is under trial is what the types forbid: a callback may give back anything.
  const anything = thrown as () => never
  switch (callback) {
    case 'onOutcome':
      return { maxContentLength: 10, onOutcome: anything }
    case 'logger':
      return { maxContentLength: 10, logger: { info: anything, warn: anything, error: anything } }
    case 'checks':
      return { checks: [anything], checkTimeoutMs: 100 }
    case 'format':
      return { maxContentLength: 10, format: anything }
    case 'expectations':
      return { expectations: { trial: anything }, checkTimeoutMs: 100 }
  }
}

const throwing: Scenes = Object.fromEntries(
  callbacks.flatMap((callback) =>
    waysToThrow.map((way) => [
      `${callback} ${way}`,
      () => ({
        options: optionsWith(callback, ways[way]),
        handle: async (visit) => {
          for await (const _part of visit.request);
          visit.reply(200, 'read')
        },
      }),
    ]),
  ) satisfies [string, Scenes[string]][],
)

export const lethal: Scenes = {
  ...throwing,
  upgrades: () => ({
    options: { maxContentLength: 1000 },
    handle: (visit) => visit.reply(visit.path === '/missing' ? 404 : 401, 'no'),
    ready: (server) => {
      server.on('upgrade', takesOver(SWITCH))
      server.on('connect', takesOver('HTTP/1.1 200 OK\r\n\r\n'))
    },
  }),
}
