// Instructions that a server spends on a request, outside the kernel. Times on a shared machine differ
// by a tenth and more from one minute to the next; instructions do so by a hundredth, and each function
// can be told what it costs. They do not show what memory costs, nor the kernel. Needs valgrind.
//
//   node benchmarks/findings/instructions.mjs small node:hand-written node:attach
//   node benchmarks/findings/instructions.mjs small node:attach --functions

import { execFileSync, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, readdirSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import { ServerChild, startChild, stopChild } from '../children.mjs'
import { Load } from '../end-to-end/load.mjs'

/** V8 compiles anew until then. */
const WARM_REQUESTS = 25_000
const ROUND = { lanes: 24, settleMs: 30, largeBytes: 1024 * 1024 }
const COUNTED_MS = 10_000
const MOST_FUNCTIONS = 40

const { values, positionals } = parseArgs({
  options: { functions: { type: 'boolean', default: false } },
  allowPositionals: true,
})
const [name, ...servers] = positionals
for (const server of servers) {
  const rows = await count(server)
  const total = rows.reduce((sum, { instructions }) => sum + instructions, 0)
  console.log(`${name}, ${server}: ${Math.round(total).toLocaleString('en')} for each request`)
  if (!values.functions) continue
  for (const { instructions, where } of rows.slice(0, MOST_FUNCTIONS)) {
    console.log(`${String(Math.round(instructions)).padStart(8)}  ${where}`)
  }
}

async function count(serverName) {
  const folder = mkdtempSync(path.join(tmpdir(), 'instructions-'))
  const script = fileURLToPath(new URL('../servers/run.mjs', import.meta.url))
  const options = [
    '--tool=callgrind',
    '--instr-atstart=no',
    '--smc-check=all-non-file',
    `--callgrind-out-file=${path.join(folder, 'counted')}`,
  ]
  // One thread: the compiler's and the collector's work belongs to the requests that cause it.
  const node = [process.execPath, '--single-threaded', script, serverName]
  const child = spawn('valgrind', [...options, ...node], {
    stdio: ['ignore', 'ignore', 'ignore', 'ipc'],
    env: { ...process.env, NODE_ENV: 'production' },
  })
  const [{ answer: port }] = await once(child, 'message')
  const server = new ServerChild(serverName, child)
  const generator = startChild('./load/generator.mjs')
  const load = new Load(generator)
  // Without its processor time, which valgrind makes many times what it is.
  const round = async (durationMs) =>
    (await load.round({ port }, { ...ROUND, name, durationMs })).answered
  try {
    for (let warmed = 0; warmed < WARM_REQUESTS; ) warmed += await round(3000)
    const control = (...args) =>
      execFileSync('callgrind_control', [...args, String(child.pid)], { stdio: 'ignore' })
    control('-i', 'on')
    const requests = await round(COUNTED_MS)
    control('-i', 'off')
    control('-d')
    // Answered in the event loop, hence after the counts are written.
    await server.ask('open')
    const [file] = readdirSync(folder).filter((each) => /\.\d+$/.test(each))
    return functionsIn(path.join(folder, file), requests)
  } finally {
    await Promise.all([stopChild(child), stopChild(generator)])
  }
}

/** What each function spent itself. */
function functionsIn(file, requests) {
  const listed = execFileSync('callgrind_annotate', ['--threshold=100', file], {
    encoding: 'utf8',
    maxBuffer: 1024 ** 3,
  })
  return [...listed.matchAll(/^ *([\d,]+) \([ \d.]+%\) {2}(\S+:.*)$/gm)].map(
    ([, count, where]) => ({
      instructions: Number(count.replaceAll(',', '')) / requests,
      where: where.replace(/^\?\?\?:/, '').replace(/ \[.*\]$/, ''),
    }),
  )
}
