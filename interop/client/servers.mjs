// 13 servers and proxies, one of them in two ways, that refuse 20 MB with 401 from the head, three manners of asking: how many
// answers arrive, directly, and how many content bytes left for them, by a relay that counts. Fails when
// an answer is lost. usage: node interop/client/servers.mjs [--rounds 10] [--relayed 5] [--only Apache]
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { createInterface } from 'node:readline'
import { parseArgs } from 'node:util'
import { finish, start, stop } from '../delivery/child.mjs'
import { find } from '../delivery/programs.mjs'
import { streamingLighttpd } from '../delivery/proxies/lighttpd.mjs'
import { proxies as findProxies } from '../delivery/proxies/list.mjs'
import { openRelay } from './relay.mjs'

const { values } = parseArgs({
  options: {
    rounds: { type: 'string', default: '10' },
    relayed: { type: 'string', default: '5' },
    only: { type: 'string', default: '' },
  },
})
const here = import.meta.dirname
const folder = mkdtempSync(path.join(tmpdir(), 'expectation-servers-'))
process.on('exit', () => rmSync(folder, { recursive: true, force: true }))
const file = path.join(folder, '20mb')
writeFileSync(file, Buffer.alloc(20_000_000))

const NODES = {
  ours: 'ours (Express)',
  express: 'Express alone',
  kept: 'Node, kept',
  destroys: 'Node, `end` and `destroy`',
  declines: 'Node that says 417 and closes',
  silent: 'a silent server',
}
let lost = 0

console.log(
  '| server | asks | asks again | does not ask | answers |\n| --- | --- | --- | --- | --- |',
)
for (const [manner, name] of Object.entries(NODES)) {
  await measure(name, () =>
    server([process.execPath, path.join(here, 'refusing/main.mjs'), manner]),
  )
}
const go = await builtGo()
if (go === undefined) console.log('left out: Go is not installed')
else await measure('Go net/http', () => server([go]))

const { ready, skipped } = await findProxies(folder, () => true, [streamingLighttpd])
for (const { name, reason } of skipped) console.log(`left out: ${name} (${reason})`)
for (const proxy of ready)
  await measure(`${proxy.name} ${proxy.version} → ours`, () => behind(proxy))
if (lost > 0) {
  console.error(`${lost} answers were lost`)
  process.exitCode = 1
}

async function measure(name, open) {
  if (!name.includes(values.only)) return
  const { port, close } = await open()
  const relay = await openRelay(port)
  try {
    const direct = []
    for (let round = 0; round < Number(values.rounds); round += 1) {
      direct.push(...(await uploads(`http://127.0.0.1:${port}/`)))
    }
    const relayed = []
    for (let round = 0; round < Number(values.relayed); round += 1) {
      relayed.push(await uploads(relay.url, () => relay.taken()))
    }
    const found = direct.filter(({ status }) => status === 401).length
    lost += direct.length - found
    const cells = [0, 1, 2].map((at) => cell(relayed.map((each) => each[at])))
    console.log(`| ${name} | ${cells.join(' | ')} | ${found} of ${direct.length} |`)
    for (const { status } of direct) if (status !== 401) console.error(`${name}: ${status}`)
  } finally {
    await relay.close()
    await close()
  }
}

/** The median of the bytes, the statuses on the way, and the median of the time. */
function cell(outcomes) {
  const statuses = [...new Set(outcomes.map((each) => each.statuses.join(', ')))].join(' or ')
  const bytes = median(outcomes.map(({ taken }) => taken))
  const size = bytes === 0 ? '0' : `${(bytes / 1e6).toFixed(2)} MB`
  return `${statuses}: ${size}, ${median(outcomes.map(({ ms }) => ms))} ms`
}

function median(list) {
  return [...list].sort((a, b) => a - b)[Math.floor(list.length / 2)]
}

async function uploads(url, taken = () => undefined) {
  const child = start(process.execPath, [path.join(here, 'servers-client.mjs'), url, file], {
    stdio: ['pipe', 'pipe', 'inherit'],
  })
  const timer = setTimeout(() => child.kill('SIGKILL'), 90_000)
  const outcomes = []
  for await (const line of createInterface({ input: child.stdout })) {
    // What was under way when the answer came counts, too.
    await new Promise((resolve) => setTimeout(resolve, 50))
    outcomes.push({ ...JSON.parse(line), taken: taken() })
    child.stdin.write('\n')
  }
  clearTimeout(timer)
  if (outcomes.length !== 3) throw new Error(`A client ended after ${outcomes.length} uploads`)
  return outcomes
}

async function server([command, ...args]) {
  const child = start(command, args, { stdio: ['pipe', 'pipe', 'ignore'] })
  const port = Number(await new Promise((resolve) => child.stdout.once('data', resolve)))
  return { port, close: () => stop(child) }
}

async function behind(proxy) {
  const origin = await server([process.execPath, path.join(here, 'refusing/main.mjs'), 'ours'])
  const { url, stop: stopProxy } = await proxy.start(origin.port)
  return {
    port: Number(new URL(url).port),
    async close() {
      await stopProxy()
      await origin.close()
    },
  }
}

async function builtGo() {
  const program = find('go')
  if (program === undefined) return undefined
  const binary = path.join(folder, 'refusing')
  const source = path.join(here, 'refusing/main.go')
  const env = { ...process.env, GO111MODULE: 'off', CGO_ENABLED: '0' }
  const { code, stderr } = await finish(program, ['build', '-o', binary, source], {
    env,
    withinMs: 240_000,
  })
  if (code !== 0) throw new Error(stderr)
  return binary
}
