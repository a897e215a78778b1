// `node benchmarks/gateway/run.mjs`: the gateway beside http-proxy and HAProxy, in one run, in front of the
// same upstream in Go. Prints the table of docs/gateway.md. Needs a build, Go, and HAProxy.
//
//   --rounds=5 --seconds=2     how long; ratios settle with more rounds

import { execFileSync, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import { startChild, stopChild, stopChildren } from '../children.mjs'
import { Load } from '../end-to-end/load.mjs'
import { median } from '../end-to-end/statistics.mjs'
import { proxies } from './proxies.mjs'

const GIB = 2 ** 30
const SOURCE = fileURLToPath(new URL('../servers/context/main.go', import.meta.url))
const TICKS = 100

const { values } = parseArgs({
  options: { rounds: { type: 'string', default: '5' }, seconds: { type: 'string', default: '2' } },
})
const rounds = Number(values.rounds)
const durationMs = Number(values.seconds) * 1000

/** What is measured: the generator's name of it, lanes, and how a figure is shown. */
const LOADS = {
  '1 GiB, MiB/s': { name: 'large', lanes: 1, shown: (perSecond) => perSecond * 1024 },
  'GET /s': { name: 'get', lanes: 32, shown: (perSecond) => perSecond },
  'POST 1 KiB /s': { name: 'small', lanes: 32, shown: (perSecond) => perSecond },
  'POST 16 KiB, asked /s': { name: 'expected', lanes: 32, shown: (perSecond) => perSecond },
}

async function startUpstream() {
  const folder = mkdtempSync(path.join(tmpdir(), 'expectation-bench-'))
  const binary = path.join(folder, 'server')
  execFileSync('go', ['build', '-o', binary, SOURCE], { stdio: 'inherit' })
  const child = spawn(binary, [String(2 * GIB)], { stdio: ['ignore', 'pipe', 'inherit'] })
  const [line] = await once(child.stdout, 'data')
  const stop = () => stopChild(child).then(() => rmSync(folder, { recursive: true, force: true }))
  return { port: Number(line), stop }
}

/** Processor seconds of a process, and its resident bytes. */
function usageOf({ pid }) {
  const fields = readFileSync(`/proc/${pid}/stat`, 'latin1').split(') ')[1].split(' ')
  const status = readFileSync(`/proc/${pid}/status`, 'latin1')
  return {
    cpuSeconds: (Number(fields[11]) + Number(fields[12])) / TICKS,
    peakMiB: Number(/^VmHWM:\s+(\d+)/m.exec(status)[1]) / 1024,
  }
}

const started = []
try {
  const upstream = await startUpstream()
  started.push(upstream)
  const sides = {}
  for (const [name, start] of Object.entries(proxies)) {
    const side = await start(upstream.port)
    if (side === undefined) continue
    sides[name] = side
    started.push(side)
  }
  const generator = startChild('./load/generator.mjs')
  const load = new Load(generator)
  const seen = {}
  for (const [title, { name, lanes, shown }] of Object.entries(LOADS)) {
    const order = { name, lanes, durationMs, settleMs: 300, largeBytes: GIB }
    for (const side of Object.values(sides)) await load.round(side, { ...order, durationMs: 500 })
    for (let at = 0; at < rounds; at += 1) {
      const names = Object.keys(sides)
      for (const side of at % 2 === 0 ? names : names.reverse()) {
        const before = usageOf(sides[side].child).cpuSeconds
        const report = await load.round(sides[side], order)
        const busy = usageOf(sides[side].child).cpuSeconds - before
        if (report.unexpected > 0 || Object.keys(report.errors).length > 0) {
          console.error(title, side, report.unexpected, report.errors)
        }
        const key = `${side}\0${title}`
        seen[key] ??= []
        seen[key].push({ rate: shown(report.perSecond), busy: busy / report.answered })
      }
    }
  }
  print(sides, seen)
} finally {
  for (const { stop } of started.reverse()) await stop()
  await stopChildren()
}

function print(sides, seen) {
  const titles = Object.keys(LOADS)
  const base = 'http-proxy'
  const rate = (side, title) => median(seen[`${side}\0${title}`].map(({ rate: each }) => each))
  console.log(`| | ${titles.join(' | ')} | peak MiB |`)
  console.log(`|---|${titles.map(() => '---').join('|')}|---|`)
  for (const [side, { child }] of Object.entries(sides)) {
    const cells = titles.map((title) => {
      const own = rate(side, title)
      return `${Math.round(own)} (${(own / rate(base, title)).toFixed(2)})`
    })
    console.log(`| ${side} | ${cells.join(' | ')} | ${Math.round(usageOf(child).peakMiB)} |`)
  }
}
