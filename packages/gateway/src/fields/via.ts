// `Via` (RFC 9110 section 7.6.3): the gateway adds itself, and knows itself again. The default name is
// that of every gateway that was given none; two of them in a row are no loop, so each adds a comment
// of its own. A comment may be taken away on the way: the bare default name counts as a loop too.

import { randomBytes } from 'node:crypto'
import type { HttpVersion } from '@expectation/core'

const DEFAULT_NAME = 'expectation'

export interface Via {
  /** This gateway's entry for a request that came with a version of HTTP. */
  entry(version: HttpVersion): string
  /** Whether a request has been here already. */
  isLoop(received: readonly string[]): boolean
}

const WRITTEN: Readonly<Record<HttpVersion, string>> = { '1.0': '1.0', '1.1': '1.1', '2.0': '2' }

export function viaOf(name: string | undefined): Via {
  const comment = name === undefined ? `(${randomBytes(6).toString('hex')})` : ''
  const own = name ?? DEFAULT_NAME
  const suffix = comment === '' ? own : `${own} ${comment}`
  const isOwn = (member: string): boolean => {
    const [, receivedBy = '', ...rest] = member.trim().split(/[ \t]+/)
    if (receivedBy.toLowerCase() !== own.toLowerCase()) return false
    return comment === '' || rest.length === 0 || rest.join(' ') === comment
  }
  return {
    entry: (version) => `${WRITTEN[version]} ${suffix}`,
    isLoop: (received) => received.some((value) => members(value).some(isOwn)),
  }
}

/** Commas inside a comment separate nothing. One pass, whatever the value holds. */
function members(value: string): readonly string[] {
  const found: string[] = []
  let begin = 0
  let depth = 0
  for (let at = 0; at < value.length; at += 1) {
    const character = value[at]
    if (character === '\\') at += 1
    else if (character === '(') depth += 1
    else if (character === ')') depth = Math.max(0, depth - 1)
    else if (character === ',' && depth === 0) {
      found.push(value.slice(begin, at))
      begin = at + 1
    }
  }
  found.push(value.slice(begin))
  return found
}
