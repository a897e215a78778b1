// What is seen of one proxy, in words that a table can show.

import type { CurlResult } from '../support/curl-upload.js'
import type { Passed } from '../support/tap.js'
import { type Behind, CONTENT_BYTES } from './behind.js'

/** `part`: less than all. How much depends on buffers and speed, and may be nothing by chance. */
export type Amount = 'nothing' | 'part' | 'all'
export type Continuer = 'nobody' | 'proxy' | 'service' | 'both'

/** What an upload of 20 MB that the service does not want came to. */
export interface Refused {
  /** Status that the client got; 0 for none. */
  readonly status: number
  readonly words: 'service' | 'proxy' | 'none'
  readonly continueFrom: Continuer
  readonly toProxy: Amount
  readonly toService: Amount
}

export interface Accepted {
  readonly status: number
  readonly continueFrom: Continuer
  readonly serviceSawExpect: boolean
}

export interface Observed {
  readonly accepted: Accepted
  readonly acceptedWithoutExpect: Accepted
  readonly refused: Refused
  readonly refusedWithoutExpect: Refused
  readonly unknownExpectation: Pick<Refused, 'status' | 'words'>
}

/** Heads, and nothing that would be worth counting. */
const HEAD_BYTES = 4_096

export function amountOf({ bytes }: Passed): Amount {
  if (bytes < HEAD_BYTES) return 'nothing'
  return bytes < CONTENT_BYTES ? 'part' : 'all'
}

function continuerOf({ near, far }: Behind): Continuer {
  const toClient = near.seen().continues
  const fromService = far.seen().continues
  if (toClient === 0) return 'nobody'
  if (fromService === 0) return 'proxy'
  return toClient > fromService ? 'both' : 'service'
}

/** What only the service says: its reason for a missing token, its remedy for an expectation. */
const SERVICE_WORDS = /token_missing|Send the request again/

function wordsOf({ status, body }: CurlResult): Refused['words'] {
  if (status === 0) return 'none'
  return status < 400 || SERVICE_WORDS.test(body) ? 'service' : 'proxy'
}

export async function seeAccepted(proxied: Behind, expectField: string): Promise<Accepted> {
  const { status } = await proxied.upload({ token: 'right', headers: [expectField] })
  return {
    status,
    continueFrom: continuerOf(proxied),
    serviceSawExpect: proxied.expects[0] !== undefined,
  }
}

export async function seeRefused(proxied: Behind, expectField: string): Promise<Refused> {
  const result = await proxied.upload({ headers: [expectField] })
  return {
    status: result.status,
    words: wordsOf(result),
    continueFrom: continuerOf(proxied),
    toProxy: amountOf(proxied.near.seen()),
    toService: amountOf(proxied.far.seen()),
  }
}

/** With little content, which nobody minds to read: what is looked at is who answers. */
export async function seeUnknown(proxied: Behind): Promise<Observed['unknownExpectation']> {
  const headers = ['Expect: something-else']
  const result = await proxied.upload({ token: 'right', headers, small: true })
  return { status: result.status, words: wordsOf(result) }
}
