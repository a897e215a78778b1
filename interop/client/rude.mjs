// How many answers of rude servers arrive, with and without sockets that hear their peer out, on every
// line of Node that is installed. usage: node interop/client/rude.mjs [--rounds 40] [--others 20] [--resets 1000]
import { execFile, spawn } from 'node:child_process'
import { existsSync } from 'node:fs'
import path from 'node:path'
import { parseArgs, promisify } from 'node:util'

const run = promisify(execFile)
const here = import.meta.dirname
const { values } = parseArgs({
  options: {
    rounds: { type: 'string', default: '40' },
    others: { type: 'string', default: '20' },
    resets: { type: 'string', default: '1000' },
  },
})
const MANNERS = ['close', 'destroy', 'at once']
const OTHERS = ['axios', 'got', 'fetch', 'undici.request', 'upload()']

const lines = [process.execPath, ...['22', '24', '26'].map(installed)].filter(existsSync)
const server = spawn(process.execPath, [path.join(here, 'rude-server.mjs')], {
  stdio: ['pipe', 'pipe', 'inherit'],
})
const urls = JSON.parse(await new Promise((resolve) => server.stdout.once('data', resolve)))

console.log('| client | Node | scheme | plain | hears out |\n| --- | --- | --- | --- | --- |')
for (const scheme of ['http', 'https']) {
  for (const node of lines) await row('node:http', node, scheme, Number(values.rounds))
  for (const client of OTHERS) await row(client, process.execPath, scheme, Number(values.others))
}
for (const node of lines) await resets(node)
server.stdin.end()

function installed(line) {
  return path.join(here, `../../tests/node_modules/node${line}/bin/node`)
}

async function versionOf(node) {
  return (await run(node, ['--version'])).stdout.trim()
}

async function outcome(node, args) {
  const script = path.join(here, 'rude-client.mjs')
  const { stdout } = await run(node, ['--no-warnings', script, ...args], { timeout: 600_000 })
  return JSON.parse(stdout)
}

async function row(client, node, scheme, rounds) {
  const cells = []
  for (const whose of client === 'upload()' ? ['ours'] : ['plain', 'ours']) {
    let found = 0
    for (const manner of MANNERS) {
      const url = urls[`${scheme} ${manner}`]
      found += (await outcome(node, [client, whose, url, String(rounds)])).seen['413'] ?? 0
    }
    cells.push(`${found} of ${rounds * MANNERS.length}`)
  }
  const [plain, ours] = cells.length === 1 ? ['', ...cells] : cells
  console.log(`| ${client} | ${await versionOf(node)} | ${scheme} | ${plain} | ${ours} |`)
}

async function resets(node) {
  const args = ['node:http', 'ours', urls['http reset'], values.resets]
  const { seen, before, after, slowest } = await outcome(node, args)
  const told = `${JSON.stringify(seen)}, slowest ${slowest} ms, descriptors ${before} to ${after}`
  console.log(`\nresets without an answer, Node ${await versionOf(node)}: ${told}`)
}
