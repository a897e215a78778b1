// `node benchmarks/no-harm/run.mjs`: what the library may cost those who wait, beside plain Node, on the
// Node that runs it. Needs a build; about two minutes. Ends with 1 when a bound is not kept.
//
//   --requests=200000   pipelined behind an open one: heap and another client's GET within 2 × of plain
//   --clients=200       that leave garbage behind: no connection left after 3 s
//   --rounds=9 --milliseconds=1000   of small POSTs, pipelining 4: CPU time and rate within 10 % of plain

import { parseArgs } from 'node:util'
import { bytes, count, milliseconds, ratio, table } from '../report/table.mjs'
import { measureGarbage } from './garbage.mjs'
import { measureThroughput } from './throughput.mjs'
import { measureWaiting } from './waiting.mjs'

const MODES = ['plain', 'attached', 'gated']
const TIMES = 2
const PART = 0.1
/** Below these, ratios say more about the machine than about the server. */
const LEAST_HEAP = 16e6
const LEAST_WAIT_MS = 100

const { values } = parseArgs({
  options: {
    requests: { type: 'string', default: '200000' },
    clients: { type: 'string', default: '200' },
    rounds: { type: 'string', default: '9' },
    milliseconds: { type: 'string', default: '1000' },
  },
})
const broken = []
const keeps = (bound, what) => {
  if (!bound) broken.push(what)
}
const inTurn = async (measure) => {
  const records = []
  for (const mode of MODES) records.push(await measure(mode))
  return records
}

console.log(`Node ${process.version}\n`)

const requests = Number(values.requests)
const waiting = await inTurn((mode) => measureWaiting(mode, requests))
const [plain] = waiting
for (const record of waiting) {
  const { mode } = record
  keeps(record.answered === requests, `${mode}: ${record.answered} of ${requests} answered`)
  keeps(record.peakBytes <= TIMES * Math.max(plain.peakBytes, LEAST_HEAP), `${mode}: heap`)
  keeps(
    record.longestMs <= TIMES * Math.max(plain.longestMs, LEAST_WAIT_MS),
    `${mode}: another GET`,
  )
}
console.log(
  table(
    [
      `${count(requests)} GETs behind an open POST`,
      'answered',
      'held',
      'heap at most',
      'released in',
      'another GET at most',
    ],
    waiting.map((record) => [
      record.mode,
      count(record.answered),
      bytes(record.heldBytes),
      bytes(record.peakBytes),
      milliseconds(record.releasedMs),
      milliseconds(record.longestMs),
    ]),
  ),
)

const garbage = await inTurn((mode) => measureGarbage(mode, Number(values.clients)))
for (const { mode, left } of garbage) keeps(left === 0, `${mode}: ${left} connections left`)
console.log(
  `\n${table(
    ['clients that leave garbage', 'clients', 'connections after 3 s'],
    garbage.map(({ mode, clients, left }) => [mode, count(clients), count(left)]),
  )}`,
)

const throughput = await measureThroughput(MODES, {
  rounds: Number(values.rounds),
  milliseconds: Number(values.milliseconds),
})
const [base] = throughput
for (const { mode, rate, cpuUs, lost } of throughput) {
  keeps(rate >= (1 - PART) * base.rate || cpuUs <= (1 + PART) * base.cpuUs, `${mode}: rate of POST`)
  keeps(lost === 0, `${mode}: ${lost} connections lost`)
}
console.log(
  `\n${table(
    ['POST of 2 bytes, pipelining 4', 'a second', 'of plain', 'CPU each', 'connections lost'],
    throughput.map(({ mode, rate, cpuUs, lost }) => [
      mode,
      count(rate),
      ratio(rate / base.rate),
      `${cpuUs.toFixed(1)} µs`,
      count(lost),
    ]),
  )}`,
)

for (const what of broken) console.error(`Not kept: ${what}.`)
process.exitCode = broken.length > 0 ? 1 : 0
