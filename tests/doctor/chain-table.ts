// The table of docs/doctor.md, made of the rows that the tests prove.
import { type Chain, chains } from './chains.js'
import { type ChainRow, COLUMNS, type Column } from './row.js'

const columns = Object.keys(COLUMNS) as readonly Column[]

export function chainTable(rows: Readonly<Record<string, ChainRow>>): string {
  const head = ['chain', ...Object.values(COLUMNS), 'faults and advice']
  const lines = Object.entries<Chain>(chains).map(([name, { title }]) => {
    const row = rows[name]
    const ids = (row?.findings ?? '').split(' ').map((id) => (id === 'none' ? id : link(id)))
    return [title, ...columns.map((column) => row?.cells[column] ?? ''), ids.join(' ')]
  })
  return [head, head.map(() => '---'), ...lines]
    .map((cells) => `| ${cells.join(' | ')} |`)
    .join('\n')
}

const link = (id: string): string => `[${id}](#${id.toLowerCase()})`
