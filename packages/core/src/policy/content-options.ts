// Media types and content codings of options, brought into the form that the rules compare.

import typeIs from 'type-is'
import { OptionError } from '../validation/option-error.js'
import { readList } from '../validation/read-option.js'

/** A token without `*`, which stands for any type, and for nothing within a name. */
const NAME = "[!#$%&'+\\-.^_`|~0-9A-Za-z]+"
const MEDIA_RANGE = new RegExp(`^(?:${NAME}|\\*)/(?:${NAME}|\\*(?:\\+${NAME})?)$`)
const CODING = new RegExp(`^${NAME}$`)

// Aliases from the time before the registry (RFC 9110 section 8.4.1).
const CODING_ALIASES: ReadonlyMap<string, string> = new Map([
  ['x-gzip', 'gzip'],
  ['x-compress', 'compress'],
])

/** The name by which a content coding is compared: lower case, without its old alias. */
export function codingName(coding: string): string {
  const name = coding.trim().toLowerCase()
  return CODING_ALIASES.get(name) ?? name
}

/** Full media ranges in lower case: `json` becomes `application/json`. */
export function readAcceptedTypes(
  value: readonly string[] | undefined,
): readonly string[] | undefined {
  const option = 'acceptedTypes'
  const types = readList(option, value, 'media types such as "video/*"')
  if (types?.length === 0) {
    throw new OptionError({
      option,
      received: types,
      remedy: 'List at least one media type; leave it out to accept any.',
    })
  }
  return types && Object.freeze(types.map((type, index) => mediaRange(`${option}[${index}]`, type)))
}

function mediaRange(option: string, type: unknown): string {
  const range = typeof type === 'string' && typeIs.normalize(type.toLowerCase())
  if (typeof range === 'string' && MEDIA_RANGE.test(range)) return range
  throw new OptionError({
    option,
    received: type,
    remedy: 'Give a media type without parameters, such as "video/*", "json" or "+json".',
  })
}

export function readAcceptedCodings(
  value: readonly string[] | undefined,
): ReadonlySet<string> | undefined {
  const codings = readList('acceptedCodings', value, 'content codings such as "gzip"')
  return codings && new Set(codings.map((coding, index) => readCoding(index, coding)))
}

function readCoding(index: number, coding: unknown): string {
  if (typeof coding === 'string' && CODING.test(coding)) return codingName(coding)
  throw new OptionError({
    option: `acceptedCodings[${index}]`,
    received: coding,
    remedy:
      'Give the name of a content coding, such as "gzip" or "br"; leave the option out to accept any.',
  })
}
