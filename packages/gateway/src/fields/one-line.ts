// Fields of which Node takes one line over HTTP/2, and throws for more, in Node 20 to 26: kSingleValueFields in
// its lib/internal/http2/util.js. Over HTTP/1 they may come in several.

const ONE_LINE: ReadonlySet<string> = new Set([
  'access-control-allow-credentials',
  'access-control-max-age',
  'access-control-request-method',
  'age',
  'authorization',
  'content-encoding',
  'content-language',
  'content-length',
  'content-location',
  'content-md5',
  'content-range',
  'content-type',
  'date',
  'dnt',
  'etag',
  'expires',
  'from',
  'host',
  'if-match',
  'if-modified-since',
  'if-none-match',
  'if-range',
  'if-unmodified-since',
  'last-modified',
  'location',
  'max-forwards',
  'proxy-authorization',
  'range',
  'referer',
  'retry-after',
  'tk',
  'upgrade-insecure-requests',
  'user-agent',
  'x-content-type-options',
])

/** @param key - In lower case. */
export function takesOneLine(key: string): boolean {
  return ONE_LINE.has(key)
}

/** Those of them that are lists: several lines are one list (RFC 9110 section 5.3). */
const LISTS: ReadonlySet<string> = new Set([
  'content-encoding',
  'content-language',
  'if-match',
  'if-none-match',
])

/** @param key - In lower case. */
export function isOneLineList(key: string): boolean {
  return LISTS.has(key)
}

/**
 * What HTTP/2 is given for several lines of a field that it takes in one: the list, or the last line of a name that
 * has one value. Any other field keeps its lines.
 *
 * @param key - In lower case.
 */
export function inOneLine(key: string, value: string | string[]): string | string[] {
  if (!Array.isArray(value) || !takesOneLine(key)) return value
  return isOneLineList(key) ? value.join(', ') : (value.at(-1) ?? '')
}
