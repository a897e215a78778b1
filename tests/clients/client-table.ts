// The table of docs/clients.md, made of the rows that the tests prove.
import type { ClientRow, Seen } from './client-rows.js'

const HEAD = [
  'client',
  'measured with',
  'content sent',
  'answered after',
  'what the caller sees',
  'what helps',
  '',
]

/** @param times - Milliseconds to the answer by client, as they were measured when the table was written. */
export function clientTable(
  rows: readonly ClientRow[],
  times: ReadonlyMap<string, number>,
): string {
  const lines = rows.map(
    ({ client, version, refused, shown = inWords(refused), helped, remark }) => [
      client,
      version,
      '0 of 20 MB',
      `${Math.ceil(times.get(client) ?? 0)} ms`,
      shown,
      helped === undefined
        ? ''
        : `${helped.by === 'xml' ? 'XML' : 'no content'}: ${inWords(helped)}`,
      remark,
    ],
  )
  return [HEAD, HEAD.map(() => '---'), ...lines]
    .map((cells) => `| ${cells.join(' | ')} |`)
    .join('\n')
}

function inWords({ status, seen }: Seen): string {
  const answer = status === 0 ? 'no answer' : String(status)
  return seen === '' || seen === 'empty' ? answer : `${answer}, \`${seen}\``
}

/** Times differ from run to run; everything else in the table has to be as it is. */
export function withoutTimes(table: string): string {
  return table.replace(/\| \d+ ms \|/g, '|  |')
}
