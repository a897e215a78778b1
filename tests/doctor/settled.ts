// Does a row that was seen say what its row in the document says?

export interface AnyRow {
  readonly cells: Readonly<Record<string, string>>
  readonly findings: string
  readonly others: string
}

/** What a cell may say instead, where servers race and both outcomes are theirs. */
export type Races = Readonly<Record<string, RegExp>>

export function settled(found: AnyRow | undefined, expected: AnyRow, races: Races): boolean {
  if (found === undefined) return false
  const same = Object.entries(expected.cells).map(([column, text]) => {
    const cell = found.cells[column] ?? ''
    return { equal: cell === text, holds: cell === text || races[column]?.test(cell) === true }
  })
  // What is found to be wrong follows from the cells: where one raced, so did they.
  const ids = ({ findings, others }: AnyRow): string => `${findings}/${others}`
  const findings = same.some(({ equal }) => !equal) || ids(found) === ids(expected)
  return same.every(({ holds }) => holds) && findings
}
