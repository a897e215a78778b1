// A kind of exchange of the scripted run: what a client does, and what must be told of it.

import type { ConnectionEnd, LingerEnd, OutcomeDecision } from '@expectation/core'
import type { RawClient } from '../../support/raw-client.js'
import { asking, type HeadFields } from '../../support/request.js'
import type { Adapter } from './places.js'

export interface Told {
  readonly decision: OutcomeDecision
  readonly status?: number
  readonly reason?: string
  readonly route?: string
  readonly declared?: number
  readonly received?: number
  readonly discarded?: number
  readonly end: ConnectionEnd
  readonly linger?: LingerEnd
  readonly gone?: boolean
  /** With `Expect: 100-continue`: was the 100 sent, had the client waited? */
  readonly continued?: readonly [sent: boolean, waited: boolean]
  readonly unknown?: 'unsupported' | 'malformed'
}

export interface Place {
  readonly port: number
  /** Waits until a handler has read what there is of a request that is never finished. */
  halfRead(name: string): Promise<void>
  /** A name that no other exchange has. */
  fresh(): string
}

export interface Kind {
  /** How many of a thousand. */
  readonly times: number
  readonly run: (client: RawClient, place: Place) => Promise<void>
  readonly told: Told | ((adapter: Adapter) => Told)
}

export const FILES = '/files/:name'
export const LARGE = 1_000_000
export const WAITED = { continued: [false, true] } as const
export const LEFT = { end: 'lingered', linger: 'peer-closed' } as const

export const bytes = { type: 'application/octet-stream' } satisfies HeadFields
export const lines = (...given: readonly string[]): HeadFields => ({ ...bytes, lines: given })

/** Reads the answer up to the server's FIN, from where on the connection lingers. */
export async function refusedWith(client: RawClient, status: number): Promise<void> {
  const answer = await client.final()
  if (answer.status !== status) throw new Error(`expected ${status}, got ${answer.status}`)
  await client.fin()
}

/** A polite client: asks, is refused, sends nothing, and leaves. */
export function politely(fields: HeadFields, status: number): Kind['run'] {
  return async (client) => {
    await refusedWith(client.send(asking({ ...bytes, ...fields })), status)
    client.halfClose()
  }
}
