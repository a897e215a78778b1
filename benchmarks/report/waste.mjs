import { bytes, count, milliseconds, table } from './table.mjs'

const SERVERS = {
  'express:plain': 'plain Express, `express.raw` with a limit',
  'express:limited': 'Express with the gate',
}
const CLIENTS = {
  expecting: 'waits for the 100',
  sending: 'sends at once, stops at the answer',
  blind: 'sends at once, never looks',
}

export function wasteSection(records) {
  return `## Refused uploads

One refused upload: what reached the server process of it (head included), and when the client had
its answer. The link is a relay that shapes rate and delay, since kernels without \`netem\` cannot; it
has no slow start. Content that a client had already written into its own socket buffer reaches a
server that lets the answer arrive; that part depends on the buffers, not on the upload.

${table(
  ['server', 'client', 'upload', 'path', 'status', 'reached the server', 'answer after'],
  records.map((row) => [
    SERVERS[row.server],
    CLIENTS[row.client],
    `${count(row.bytes / 1024 ** 2)} MiB`,
    path(row),
    row.status ?? 'none',
    bytes(row.receivedBytes),
    row.answeredMs === undefined ? 'never' : milliseconds(row.answeredMs),
  ]),
)}`
}

function path({ link }) {
  if (link === undefined) return 'loopback'
  return `${link.megabitsPerSecond} Mbit/s, ${link.roundTripMs} ms round trip`
}
