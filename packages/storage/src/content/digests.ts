// What a request says its content hashes to: Content-Digest and Repr-Digest (RFC 9530 sections 2 and 3).
// The content of an upload without Content-Range is the whole representation, so both say the same of it.
// Algorithms other than sha-256 and sha-512 are ignored, as section 2 lets a recipient.

import { createHash, type Hash } from 'node:crypto'
import { Refusal } from '@expectation/core'
import { digestMismatch } from '../refusals.js'
import type { UploadRequest } from './upload-messages.js'

const ALGORITHMS: ReadonlyMap<string, string> = new Map([
  ['sha-256', 'sha256'],
  ['sha-512', 'sha512'],
])
// A member of a dictionary (RFC 8941 section 3.2), with the comma before the next: a byte sequence, and its
// parameters, which say nothing here. Text in quotes may have a comma in it.
const KEY = '[a-z*][a-z0-9_.*-]*'
const STRING = String.raw`%?"(?:[^"\\]|\\["\\])*"`
const PARAMETER = ` *; *${KEY}(?:=(?:${STRING}|[^\\s",;]+))?`
const MEMBER = new RegExp(
  `[ \\t]*(${KEY})=:([A-Za-z0-9+/]*={0,2}):(?:${PARAMETER})*[ \\t]*(,|$)`,
  'y',
)

interface Claim {
  readonly field: string
  readonly hash: Hash
  readonly digest: Buffer
}

/** The digests that the content has to have. */
export class Digests {
  readonly #claims: readonly Claim[]

  private constructor(claims: readonly Claim[]) {
    this.#claims = claims
  }

  /** @throws `Refusal` 400 when a field cannot be read. */
  static of(request: UploadRequest): Digests | undefined {
    const claims = [
      ...claimsOf('Content-Digest', request.headers['content-digest']),
      ...claimsOf('Repr-Digest', request.headers['repr-digest']),
    ]
    return claims.length === 0 ? undefined : new Digests(claims)
  }

  update(chunk: Uint8Array): void {
    for (const { hash } of this.#claims) hash.update(chunk)
  }

  /** Once only, at the end of the content. */
  fault(): Refusal | undefined {
    const wrong = this.#claims.find(({ hash, digest }) => !hash.digest().equals(digest))
    return wrong === undefined ? undefined : digestMismatch(wrong.field)
  }
}

function claimsOf(field: string, value: string | string[] | undefined): readonly Claim[] {
  const text = String(value ?? '').trim()
  const claims = new Map<string, Claim>()
  // An empty dictionary is as none (RFC 8941 section 3.2).
  for (const [name, base64] of text === '' ? [] : membersOf(field, text)) {
    const algorithm = ALGORITHMS.get(name)
    if (algorithm === undefined) continue
    // Of several members of one name the last one counts.
    claims.set(name, { field, hash: createHash(algorithm), digest: Buffer.from(base64, 'base64') })
  }
  return [...claims.values()]
}

function membersOf(field: string, text: string): readonly (readonly [string, string])[] {
  const members: (readonly [string, string])[] = []
  for (let at = 0, next = ','; next === ','; at = MEMBER.lastIndex) {
    MEMBER.lastIndex = at
    const member = MEMBER.exec(text)
    if (member === null) throw unreadable(field)
    const [, name = '', base64 = '', end = ''] = member
    members.push([name, base64])
    next = end
  }
  return members
}

function unreadable(field: string): Refusal {
  return new Refusal(400, {
    details: `${field} could not be read. Send it as in ${field}: sha-256=:<base64>:`,
    headers: { 'Want-Content-Digest': 'sha-256=1' },
  })
}
