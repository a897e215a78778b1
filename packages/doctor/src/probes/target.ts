// Where the requests go. The address asked for is one below the given path that nobody has made, two
// segments deep: a route for one name does not match it, and a store of files has no such folder
// (RFC 4918 section 9.7.1 makes that a conflict).

import { randomBytes } from 'node:crypto'
import { OptionError } from '@expectation/client'
import { type Address, readAddress } from '@expectation/conformance'

export interface Target {
  readonly address: Address
  /** `https://api.example.com`, for messages. */
  readonly origin: string
  /** Path and query that are asked for; unlikely to be there. */
  readonly target: string
  /** The unlikely part of it. */
  readonly name: string
}

/** @throws OptionError - not an `http:` or `https:` URL. */
export function readTarget(url: string | URL): Target {
  const text = textOf(url)
  const parsed = text !== undefined && URL.canParse(text) ? new URL(text) : undefined
  if (parsed === undefined || !/^https?:$/.test(parsed.protocol)) {
    const remedy = 'Write the whole address, such as https://api.example.com/uploads.'
    throw new OptionError({ option: 'url', received: text ?? url, remedy })
  }
  if (parsed.username !== '' || parsed.password !== '') {
    const remedy = "Give credentials as a field: --header 'Authorization: …'."
    throw new OptionError({ option: 'url', received: parsed.origin, remedy })
  }
  const name = `doctor-${randomBytes(4).toString('hex')}`
  const below = parsed.pathname.replace(/\/+$/, '')
  return {
    address: readAddress(parsed.origin),
    origin: parsed.origin,
    target: `${below}/${name}/none${parsed.search}`,
    name,
  }
}

/** A `URL` may be of another realm, so it is known by its kind. */
function textOf(url: unknown): string | undefined {
  if (typeof url === 'string') return url
  return Object.prototype.toString.call(url) === '[object URL]' ? String(url) : undefined
}
