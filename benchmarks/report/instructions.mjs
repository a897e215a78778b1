import { CASES } from '../instructions/rows.mjs'
import { count, table } from './table.mjs'

export function instructionsSection(records) {
  const protocols = [...new Set(records.map(({ protocol }) => protocol))]
  return `## Instructions for each request

What a request costs the server outside the kernel, counted by valgrind: the same build with the gate and
without it, in one run. It does not change with what else the machine does, as times do, so it is what
decides here. A refusal on HTTP/1.1 is compared with one by hand that also stays until it is delivered.
V8 does not compile two processes alike, so several of each are counted and the medians compared. *Spread*: how
far the processes of one server differ, or the windows of one process.

${protocols.map((protocol) => protocolTable(protocol, records)).join('\n\n')}

${withoutExpress(protocols)}Again: \`npm run bench -- --only=instructions\`; one row of it, and which functions cost how much:
\`node benchmarks/findings/instructions.mjs small node:hand-written node:attach --functions\`.`
}

/** Why Express is missing among the rows of HTTP/2, where there are any. */
function withoutExpress(protocols) {
  return protocols.includes('HTTP/2')
    ? 'Express has no HTTP/2: it makes its requests from `http.IncomingMessage`.\n'
    : ''
}

function protocolTable(protocol, records) {
  const rows = records.filter((row) => row.protocol === protocol)
  return `### ${protocol}

${table(
  ['', '', 'bare', 'gated', 'ratio', 'at most', 'processes', 'spread'],
  rows.map(({ title, name, base, gate, ratio, bound, processes, spread }) => [
    title,
    CASES[name],
    count(base),
    count(gate),
    `**${ratio.toFixed(3)}**`,
    bound === undefined ? '' : `${bound}: ${ratio <= bound ? 'holds' : '**missed**'}`,
    processes,
    `${(spread * 100).toFixed(1)} %`,
  ]),
)}`
}
