// The options of the little application's routes, the same in all adapters, and what it does.

import { once } from 'node:events'
import type { IncomingMessage } from 'node:http'
import { setImmediate } from 'node:timers/promises'
import { type ExpectationOptions, Refusal } from '@expectation/core'

/** Far above what any exchange of these tests takes: only what is meant to end so ends so. */
const NEVER_MS = 30_000

const patient = { idleMs: NEVER_MS, totalMs: NEVER_MS }

export const ROUTES: Readonly<Record<string, ExpectationOptions>> = {
  '/files/:name': {
    maxContentLength: 1000,
    acceptedTypes: ['application/octet-stream'],
    acceptedCodings: ['gzip'],
    checks: [ask],
    checkTimeoutMs: 50,
    linger: patient,
  },
  '/strict/:name': { requireContentLength: true, linger: patient },
  '/idle/:name': { maxContentLength: 1000, linger: { ...patient, idleMs: 50 } },
  '/total/:name': { maxContentLength: 1000, linger: { ...patient, totalMs: 50 } },
  '/bytes/:name': { maxContentLength: 1000, linger: { ...patient, maxBytes: 1000 } },
}

function ask(head: { readonly headers: Readonly<Record<string, unknown>> }) {
  switch (head.headers['x-check']) {
    case 'quota':
      return new Refusal(429, { reason: 'quota_exhausted' })
    case 'slow':
      return new Promise<undefined>(() => undefined)
    case 'fails':
      throw new Error('the database is not there')
    default:
      return undefined
  }
}

/** What happened inside, for clients of the same process that have to wait for it. */
export interface Inside {
  /** Called when a handler has read the content bytes of a request that is never finished. */
  read(name: string): void
}

/** Does with a request what its `X-Do` says; the default is to read all of it. */
export async function act(request: IncomingMessage, inside: Inside): Promise<void> {
  switch (request.headers['x-do']) {
    case 'deny':
      throw new Refusal(401)
    case 'full':
      throw new Refusal(507)
    case 'crash':
      throw new Error('a secret of the server')
    case 'half': {
      const [part]: Buffer[] = await once(request, 'data')
      if (part?.byteLength === 100) inside.read(String(request.headers['x-name']))
      await once(request, 'close')
      throw new Error('the client has left')
    }
    case 'late':
      // Content that came with the head is there by the next turn: no 100 is owed any more.
      await setImmediate()
      for await (const _part of request);
      return
    default:
      for await (const _part of request);
  }
}
