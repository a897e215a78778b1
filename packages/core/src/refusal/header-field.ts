// Names and values of header fields (RFC 9110 section 5): what is valid, and how names are written.
// Every field that reaches a response has passed here, so that no value can split it.

const FIELD_NAME = /^[!#$%&'*+\-.^_`|~0-9A-Za-z]+$/
const FIELD_VALUE = /^[\t\x20-\x7e\x80-\xff]*$/

// The capitalisation that registries use where it is not one capital per word.
const SPELLINGS: ReadonlyMap<string, string> = new Map([
  ['etag', 'ETag'],
  ['www-authenticate', 'WWW-Authenticate'],
])

/** Whether a name is a token (RFC 9110 section 5.1). */
export function isFieldName(name: string): boolean {
  return FIELD_NAME.test(name)
}

/** Whether a value has no control characters and fits in Latin-1 (RFC 9110 section 5.5). */
export function isFieldValue(value: string): boolean {
  return FIELD_VALUE.test(value)
}

/** A list is sent as as many field lines, as `Set-Cookie` and challenges need it (RFC 9110 section 5.3). */
export type Fields = Readonly<Record<string, string | readonly string[]>>

/** The same as Node and the frameworks take it: their types know no list that is only read. */
export type SentFields = Readonly<Record<string, string | string[]>>

interface Spelling {
  /** Names are compared without case. */
  readonly key: string
  readonly canonical: string
}

const MOST_REMEMBERED = 100
const spellings = new Map<string, Spelling>()

/** Applications use few different names, and every error has the same five. */
function spellingOf(name: string): Spelling {
  const known = spellings.get(name)
  if (known !== undefined) return known
  const spelling = { key: name.toLowerCase(), canonical: canonicalName(name) }
  if (spellings.size < MOST_REMEMBERED) spellings.set(name, spelling)
  return spelling
}

/** `retry-after` becomes `Retry-After`; capitals that are there stay (`X-RateLimit-Limit`). */
function canonicalName(name: string): string {
  return (
    SPELLINGS.get(name.toLowerCase()) ??
    name.replace(
      /(^|-)([a-z])/g,
      (_match, dash: string, letter: string) => dash + letter.toUpperCase(),
    )
  )
}

/**
 * Lays sets of fields over each other: names are compared without case, the later set wins,
 * and names come out in canonical capitalisation.
 */
export function mergeFields(...sets: readonly (Fields | undefined)[]): SentFields {
  const fields = new Map<string, readonly [string, SentFields[string]]>()
  for (const set of sets) {
    for (const [name, value] of Object.entries(set ?? {})) {
      const { key, canonical } = spellingOf(name)
      fields.set(key, [canonical, typeof value === 'string' ? value : [...value]])
    }
  }
  return Object.freeze(Object.fromEntries(fields.values()))
}
