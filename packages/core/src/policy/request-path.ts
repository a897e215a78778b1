// The path of a request target as frameworks compare it: decoded, with single slashes, without case or a slash at
// the end. Law: whatever a framework takes for a route is among the readings, so that no spelling walks past a
// policy. Some go by the URL standard, which resolves dot segments (%2e is a dot, a backslash a slash); others
// compare what was sent.

/** Where the readings differ: dot segments, and backslashes. */
const READ_DIFFERENTLY = /\\|(?:^|\/)(?:\.|%2e){1,2}(?:\/|$)/i

/**
 * @param target - As sent: origin form, or absolute form (RFC 9112 section 3.2).
 * @returns By the URL standard first; each begins with a slash.
 */
export function pathsOf(target: string): readonly string[] {
  const path = withoutQuery(target)
  if (!READ_DIFFERENTLY.test(path)) return [resolved(path)]
  return [resolved(path), asSent(path.split('/')), asSent(path.split(/[/\\]/))]
}

/** @returns By the URL standard. */
export function pathOf(target: string): string {
  return resolved(withoutQuery(target))
}

function resolved(path: string): string {
  const segments: string[] = []
  for (const raw of path.split(/[/\\]/)) {
    const segment = decoded(raw)
    if (segment === '..') segments.pop()
    else if (segment !== '' && segment !== '.') segments.push(segment)
  }
  return joined(segments)
}

function asSent(segments: readonly string[]): string {
  return joined(segments.map(decoded).filter((segment) => segment !== ''))
}

function joined(segments: readonly string[]): string {
  return `/${segments.join('/')}`.toLowerCase()
}

/** Without an authority, too: for logs, as both may hold credentials. */
export function withoutQuery(target: string): string {
  return target.replace(/^[a-z][a-z0-9+.-]*:\/\/[^/?#]*/i, '').replace(/[?#].*$/s, '')
}

/** An encoded slash separates nothing; what cannot be decoded stays as it is. */
function decoded(segment: string): string {
  try {
    return decodeURIComponent(segment).replaceAll('/', '%2f')
  } catch {
    return segment
  }
}
