// Fields in any of the forms that undici takes: a record, names and values by turns, or pairs, as a `Map` and
// `Headers` give them. Law: what is none of them is told, and not read as no fields.

type Value = string | number | undefined

export type GivenFields =
  | Readonly<Record<string, Value | readonly string[]>>
  | readonly string[]
  | Iterable<readonly [string, Value | readonly string[]]>

/**
 * A value that is `undefined` has been taken away; one with several values is several lines.
 *
 * @returns `undefined` for what is in none of the forms.
 */
export function linesOfFields(fields: unknown): string[] | undefined {
  const lines: string[] = []
  for (const pair of pairsOf(fields) ?? [undefined]) {
    if (!isPair(pair)) return undefined
    const [name, value] = pair
    for (const each of Array.isArray(value) ? value : [value]) {
      if (each === undefined) continue
      const text = textOf(each)
      if (text === undefined) return undefined
      lines.push(name, text)
    }
  }
  return lines
}

function pairsOf(fields: unknown): Iterable<unknown> | undefined {
  if (typeof fields !== 'object' || fields === null) return undefined
  if (Array.isArray(fields) && fields.every((each) => typeof each === 'string')) {
    return byTurns(fields)
  }
  if (isIterable(fields)) return fields
  // Objects as they are written, and instances of classes: a date, or a promise, has no fields.
  const isRecord = Object.prototype.toString.call(fields) === '[object Object]'
  return isRecord ? Object.entries(fields) : undefined
}

/** A name without a value is a pair of one. */
function byTurns(list: readonly string[]): readonly (readonly string[])[] {
  return list.flatMap((_name, at) => (at % 2 === 0 ? [list.slice(at, at + 2)] : []))
}

function isPair(pair: unknown): pair is readonly [string, unknown] {
  return Array.isArray(pair) && pair.length === 2 && typeof pair[0] === 'string'
}

/** As undici has it, null is an empty value. */
function textOf(value: unknown): string | undefined {
  switch (typeof value) {
    case 'string':
    case 'number':
    case 'bigint':
    case 'boolean':
      return String(value)
    default:
      return value === null ? '' : undefined
  }
}

function isIterable(value: object): value is Iterable<unknown> {
  return Symbol.iterator in value && typeof value[Symbol.iterator] === 'function'
}
