// An origin is scheme, host and port. A path, a query or credentials would be dropped silently, so they
// are refused where they are written.

import { OptionError } from '@expectation/core'

const REMEDY = 'Give an origin such as "http://storage-1:9000"; rewrite() changes paths.'

/** @throws OptionError - `value` is no origin of `http:` or `https:`. */
export function originOf(option: string, value: unknown): string {
  const url = parse(value)
  const bare =
    url !== undefined &&
    (url.protocol === 'http:' || url.protocol === 'https:') &&
    url.hostname !== '' &&
    url.pathname === '/' &&
    `${url.search}${url.hash}${url.username}${url.password}` === ''
  if (bare) return url.origin
  throw new OptionError({ option, received: shown(value), remedy: REMEDY })
}

function parse(value: unknown): URL | undefined {
  if (typeof value !== 'string' && !(value instanceof URL)) return undefined
  try {
    return new URL(value)
  } catch {
    return undefined
  }
}

/** Credentials in an address are not repeated in an error that lands in a log. */
function shown(value: unknown): unknown {
  return typeof value === 'string' || value instanceof URL
    ? String(value).replace(/\/\/[^/?#]*@/, '//…@')
    : value
}
