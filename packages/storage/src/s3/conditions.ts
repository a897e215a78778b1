// What an upload asks of the object that has its key now (RFC 9110 section 13.1): the client by its head, the
// application by `input` and `replace`. The storage is asked for both, so nothing that either of them
// forbids is replaced; it compares one entity tag, and what cannot be said to it is refused.

import { Refusal } from '@expectation/core'
import type { UploadRequest } from '../content/upload-messages.js'
import { unmet } from '../refusals.js'

/** Fields of PutObject and CompleteMultipartUpload; CreateMultipartUpload knows none of them. */
export interface Conditions {
  readonly IfMatch?: string
  readonly IfNoneMatch?: string
}

// RFC 9110 section 8.8.3; a tag may have a comma in it.
const ENTITY_TAG = /(?:W\/)?"[^"]*"/g

/**
 * @param replace - Whether the object may be replaced.
 * @throws `Refusal` 412 for what no object can meet, 400 for several entity tags.
 */
export function conditionsOf(
  { headers }: UploadRequest,
  input: { readonly IfMatch: unknown; readonly IfNoneMatch: unknown },
  replace: boolean,
): Conditions {
  const matching = texts(input.IfMatch, headers['if-match'])
  const others = texts(input.IfNoneMatch, headers['if-none-match'], replace ? undefined : '*')
  const match = oneOf(matching)
  if (match === undefined && others.length === 0) return {}
  const none = others.includes('*') ? '*' : others.join(', ')
  if (match === undefined) return { IfNoneMatch: none }
  // There cannot be an object and none.
  if (none === '*') throw unmet()
  return { IfMatch: match, ...(none === '' ? {} : { IfNoneMatch: none }) }
}

function texts(...values: readonly unknown[]): readonly string[] {
  return values.filter((value) => typeof value === 'string').map((value) => value.trim())
}

/** What meets all of them. */
function oneOf(matching: readonly string[]): string | undefined {
  const [tag, other] = new Set(matching.map(strongTag).filter((value) => value !== '*'))
  if (other !== undefined) throw unmet()
  return tag ?? matching[0]
}

function strongTag(value: string): string {
  // What is no entity tag is for the storage to judge, as is `*`.
  const tags = value.match(ENTITY_TAG) ?? [value]
  // A weak one matches nothing here (section 13.1.1).
  const [tag = '', ...more] = tags.filter((one) => !one.startsWith('W/'))
  if (tag === '') throw unmet()
  if (more.length === 0) return tag
  throw new Refusal(400, {
    details: 'Send one entity tag in If-Match: the storage compares no more.',
  })
}
