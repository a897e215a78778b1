// The second table of docs/doctor.md, made of the rows that the tests prove.
import { BEHIND_COLUMNS, type BehindColumn, type BehindRow } from './behind-row.js'
import { type Fronted, fronts } from './fronts.js'

const columns = Object.keys(BEHIND_COLUMNS) as readonly BehindColumn[]

export function behindTable(rows: Readonly<Record<string, BehindRow>>): string {
  const head = ['proxy', ...Object.values(BEHIND_COLUMNS), 'faults and advice']
  const lines = Object.entries<Fronted>(fronts).map(([name, { title }]) => {
    const row = rows[name]
    const ids = (row?.findings ?? '').split(' ').map((id) => (id === 'none' ? id : link(id)))
    return [title, ...columns.map((column) => row?.cells[column] ?? ''), ids.join(' ')]
  })
  return [head, head.map(() => '---'), ...lines]
    .map((cells) => `| ${cells.join(' | ')} |`)
    .join('\n')
}

const link = (id: string): string => `[${id}](#${id.toLowerCase()})`
