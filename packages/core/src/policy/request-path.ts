// The path of a request target as frameworks compare it: decoded, with single slashes and without dot
// segments, case or a slash at the end. Law: two targets that a framework takes for one route are one
// path here, so that no spelling walks past a policy.

/**
 * @param target - As sent: origin form, or absolute form (RFC 9112 section 3.2).
 * @returns Always begins with a slash.
 */
export function pathOf(target: string): string {
  const path = withoutAuthority(target).replace(/[?#].*$/s, '')
  const segments: string[] = []
  // The URL standard, which some frameworks go by, reads a backslash as a slash, and %2e as a dot.
  for (const raw of path.split(/[/\\]/)) {
    const segment = decoded(raw)
    if (segment === '..') segments.pop()
    else if (segment !== '' && segment !== '.') segments.push(segment)
  }
  return `/${segments.join('/')}`.toLowerCase()
}

function withoutAuthority(target: string): string {
  return target.replace(/^[a-z][a-z0-9+.-]*:\/\/[^/?#]*/i, '')
}

/** An encoded slash separates nothing; what cannot be decoded stays as it is. */
function decoded(segment: string): string {
  try {
    return decodeURIComponent(segment).replaceAll('/', '%2f')
  } catch {
    return segment
  }
}
