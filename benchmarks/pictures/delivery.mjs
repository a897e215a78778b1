// The first table of docs/delivery.md, which `npm run interop:delivery` makes: how many of a hundred
// refusals each client got to see, of our servers together and of one that closes as people write it.

import { existsSync, readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'

const PAGE = fileURLToPath(new URL('../../docs/delivery.md', import.meta.url))
const CELL = /(\d+) of (\d+)/

/** @returns `[{ client, ours: [seen, sent], closing: [seen, sent] }]`; nothing when there is no table. */
export function deliveryRows() {
  if (!existsSync(PAGE)) return []
  const lines = readFileSync(PAGE, 'utf8').split('\n')
  const first = lines.findIndex((line) => line.startsWith('| client | Express |'))
  if (first < 0) return []
  const heads = cellsOf(lines[first])
  const closing = heads.indexOf('Express alone, closing')
  const ours = ['Express', 'Koa', 'Fastify', 'node:http'].map((name) => heads.indexOf(name))
  const rows = []
  for (const line of lines.slice(first + 2)) {
    if (!line.startsWith('|')) break
    const cells = cellsOf(line)
    rows.push({
      client: cells[0],
      ours: together(ours.map((at) => cells[at])),
      closing: together([cells[closing]]),
    })
  }
  return rows
}

const cellsOf = (line) =>
  line
    .split('|')
    .slice(1, -1)
    .map((cell) => cell.trim())

function together(cells) {
  return cells.reduce(
    ([seen, sent], cell) => {
      const [, one, of] = CELL.exec(cell) ?? [undefined, 0, 0]
      return [seen + Number(one), sent + Number(of)]
    },
    [0, 0],
  )
}
