// 307 and 308 repeat the request as it is (RFC 9110 sections 15.4.8 and 15.4.9); other redirects would
// make it another request, and are answers like any other. Credentials stay with their origin.
import type { Fields } from './fields.js'

/** Where to repeat the request; `undefined` when the answer is no redirect that repeats it. */
export function redirectTarget(status: number, location: string | undefined, from: URL) {
  if ((status !== 307 && status !== 308) || location === undefined) return undefined
  if (!URL.canParse(location, from.href)) return undefined
  const target = new URL(location, from)
  // They are not used, and reports and `response.url` end up in logs.
  target.username = ''
  target.password = ''
  target.hash = ''
  return target.protocol === 'http:' || target.protocol === 'https:' ? target : undefined
}

const OF_ONE_ORIGIN: ReadonlySet<string> = new Set([
  'authorization',
  'cookie',
  'host',
  'proxy-authorization',
])

/** Fields for the next target: those that speak to one origin only do not leave it. */
export function fieldsFor(target: URL, from: URL, fields: Fields): Fields {
  if (target.origin === from.origin) return fields
  return fields.filter(([name]) => !OF_ONE_ORIGIN.has(name.toLowerCase()))
}
