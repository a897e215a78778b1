import { bytes, count, milliseconds, ratio, table } from './table.mjs'

const HELD = {
  'node:waiting': 'Node: request and response kept by `checkContinue`',
  'attach:waiting': '`attach`: a check has not answered yet',
  'attach:lingering': '`attach`: refused, lingering',
  'node:lingering': 'by hand: refused, staying',
  'express:lingering': 'Express: refused, lingering',
  'koa:lingering': 'Koa: refused, lingering',
  'fastify:lingering': 'Fastify: refused, lingering',
}
const BURSTS = {
  'node:hand-written': 'by hand, closes',
  'node:hand-written-lingering': 'by hand, stays',
  'node:attach': '`attach`',
}

/** A lingering exchange has been answered, and is not to be compared with one that has not. */
function aboveNode({ server, connections, bytesEach }, held) {
  if (server !== 'attach:waiting') return ''
  const node = held.find((row) => row.server === 'node:waiting' && row.connections === connections)
  return node === undefined ? '' : bytes(bytesEach - node.bytesEach)
}

export function scaleSection({ held, bursts, growth }) {
  return `## Many at once

### Memory of an exchange that is held

Heap and external memory after a collection, above an idle connection of a server that has had its
first requests. A pending exchange may cost 1,024 bytes more than Node's own, a lingering one 12 kB.
*Content*: bytes of it that came with the head, before anybody had decided.

${table(
  ['', 'content', 'connections', 'heap each', "above Node's", 'resident each'],
  held.map((row) => [
    HELD[row.server],
    row.contentBytes > 0 ? bytes(row.contentBytes) : '',
    count(row.connections),
    bytes(row.bytesEach),
    aboveNode(row, held),
    bytes(row.rssEach),
  ]),
)}

${bursts.length === 0 ? '' : burstsTable(bursts)}

${growth.length === 0 ? '' : growthTable(growth)}`
}

function growthTable(growth) {
  return `

### Cost of a request as connections grow

Processor time of the server for a POST of 1 KiB, all connections active.

${table(
  ['connections', 'hand-written', '`attach`', 'ratio'],
  growth.map(({ connections, cpuUs: { base, rival } }) => [
    count(connections),
    `${base.toFixed(1)} µs`,
    `${rival.toFixed(1)} µs`,
    ratio(base / rival),
  ]),
)}`
}

function burstsTable(bursts) {
  return `### Refused all at once

Every client sends its head in the same moment. Of those that keep on sending, each writes 64 kB a
second until it is cut off; of lingers above \`linger.maxConcurrent\` (1000) the oldest ends. Heap and
external memory at its peak may be 1.5 times that of the server by hand that stays.

${table(
  [
    '',
    'clients',
    'sending on',
    'answers seen',
    'event loop p99',
    'longest',
    'heap peak',
    'resident peak',
  ],
  bursts.map((row) => [
    BURSTS[row.server],
    count(row.connections),
    row.keepOn ? 'yes' : 'no',
    count(row.answered),
    milliseconds(row.delayP99Ms),
    milliseconds(row.delayMaxMs),
    bytes(row.heapBytes),
    bytes(row.rssBytes),
  ]),
)}`
}
