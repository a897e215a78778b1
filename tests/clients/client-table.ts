// The table of docs/clients.md, made of the rows that the tests prove.
import type { ClientRow, Seen } from './client-rows.js'

const HEAD = ['client', 'measured with', 'content sent', 'what the caller sees', 'what helps', '']

export function clientTable(rows: readonly ClientRow[]): string {
  const lines = rows.map(({ client, version, refused, helped, remark }) => [
    client,
    version,
    '0 of 20 MB',
    shown(refused),
    helped === undefined ? '' : `${helped.by === 'xml' ? 'XML' : 'no content'}: ${shown(helped)}`,
    remark,
  ])
  return [HEAD, HEAD.map(() => '---'), ...lines]
    .map((cells) => `| ${cells.join(' | ')} |`)
    .join('\n')
}

function shown({ status, seen }: Seen): string {
  const answer = status === 0 ? 'no answer' : String(status)
  return seen === '' || seen === 'empty' ? answer : `${answer}, \`${seen}\``
}
