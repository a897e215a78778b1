// Field lines as Node gives them in `rawHeaders`: names and values by turns, in their order, with
// their capitals.

export type FieldLines = readonly string[]

/** Calls back for each line, with the name in lower case. */
export function forEachLine(
  lines: FieldLines,
  take: (key: string, value: string, name: string) => void,
): void {
  for (let at = 0; at + 1 < lines.length; at += 2) {
    const name = lines[at]
    const value = lines[at + 1]
    if (name !== undefined && value !== undefined) take(name.toLowerCase(), value, name)
  }
}

/** Every value of a field, in the order of the lines. */
export function valuesOf(lines: FieldLines, key: string): readonly string[] {
  const values: string[] = []
  forEachLine(lines, (each, value) => {
    if (each === key) values.push(value)
  })
  return values
}
