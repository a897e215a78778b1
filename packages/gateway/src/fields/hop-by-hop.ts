// Fields that speak of one connection only are not passed on (RFC 9110 section 7.6.1): the known ones,
// and those that `Connection` names. Some must not be named away: they frame the message, say where it
// goes, or are the gateway's own.

import type { FieldLines } from './field-lines.js'

const HOP_BY_HOP: ReadonlySet<string> = new Set([
  'connection',
  'http2-settings',
  'keep-alive',
  'proxy-authenticate',
  'proxy-authentication-info',
  'proxy-authorization',
  'proxy-connection',
  'te',
  'trailer',
  'transfer-encoding',
  'upgrade',
])

/** What a `Connection` field may not take away. */
const PROTECTED = /^(?:content-length|host|expect|via|forwarded|x-forwarded-.*)$/

/** Names, in lower case, that the `Connection` lines of a head take away. */
export function connectionNamed(lines: FieldLines): ReadonlySet<string> {
  let named: Set<string> | undefined
  for (let at = 0; at + 1 < lines.length; at += 2) {
    const name = lines[at]
    if (name?.length !== 10 || name.toLowerCase() !== 'connection') continue
    for (const member of (lines[at + 1] ?? '').split(',')) {
      const option = member.trim().toLowerCase()
      if (option === '' || PROTECTED.test(option)) continue
      named ??= new Set()
      named.add(option)
    }
  }
  return named ?? NOTHING
}

const NOTHING: ReadonlySet<string> = new Set()

/** @param name - In lower case. */
export function isHopByHop(name: string): boolean {
  return HOP_BY_HOP.has(name)
}
