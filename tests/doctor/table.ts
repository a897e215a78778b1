// A table of docs/doctor.md, made of the rows that the tests prove.

export interface TableRow {
  readonly cells: Readonly<Record<string, string>>
  readonly findings: string
}

/**
 * @param what - Heads the first column.
 * @param columns - Their heads, by name.
 * @param shown - The title of each row, by name.
 */
export function tableOf(
  what: string,
  columns: Readonly<Record<string, string>>,
  shown: Readonly<Record<string, { readonly title: string }>>,
  rows: Readonly<Record<string, TableRow>>,
): string {
  const head = [what, ...Object.values(columns), 'faults and advice']
  const lines = Object.entries(shown).map(([name, { title }]) => {
    const row = rows[name]
    const ids = (row?.findings ?? '').split(' ').map((id) => (id === 'none' ? id : link(id)))
    return [title, ...Object.keys(columns).map((column) => row?.cells[column] ?? ''), ids.join(' ')]
  })
  return [head, head.map(() => '---'), ...lines]
    .map((cells) => `| ${cells.join(' | ')} |`)
    .join('\n')
}

const link = (id: string): string => `[${id}](#${id.toLowerCase()})`
