// The fields of a request in any of the forms that undici takes: a record, names and values by turns, or
// pairs.

type Field = string | readonly string[] | number | undefined

export type DispatchHeaders =
  | Readonly<Record<string, Field>>
  | readonly string[]
  | Iterable<readonly [string, Field]>
  | null

/** A value that is `undefined` has been taken away; one with several values is several lines. */
export function linesOfHeaders(headers: DispatchHeaders | undefined): string[] {
  const lines: string[] = []
  for (const [name, value] of pairsOf(headers ?? {})) {
    if (value === undefined) continue
    for (const each of [value].flat()) lines.push(name, String(each))
  }
  return lines
}

function pairsOf(headers: NonNullable<DispatchHeaders>): Iterable<readonly [string, Field]> {
  if (isByTurns(headers)) {
    return headers.flatMap((name, at) => (at % 2 === 0 ? [[name, headers[at + 1]] as const] : []))
  }
  return isIterable(headers) ? headers : Object.entries(headers)
}

function isByTurns(headers: NonNullable<DispatchHeaders>): headers is readonly string[] {
  return Array.isArray(headers) && headers.every((each) => typeof each === 'string')
}

function isIterable(
  headers: NonNullable<DispatchHeaders>,
): headers is Iterable<readonly [string, Field]> {
  return Symbol.iterator in headers
}
