// `npm run interop:delivery`: real clients upload 20 MB that is refused from its head, without `Expect`,
// directly, through real proxies and over a slow link. Fails when an answer of ours is lost, and with
// EXPECTATION_NO_SKIP=1 when a program is missing. Other flags: flags.mjs.
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { build } from '../../scripts/build.mjs'
import { root } from '../../scripts/workspace.mjs'
import { clients as findClients } from './client-list.mjs'
import { chooser, readFlags } from './flags.mjs'
import { proxies as findProxies } from './proxies/list.mjs'
import { faultsOf, report, shown } from './report.mjs'
import { servers as findServers } from './servers/list.mjs'
import { directly, overLink, throughProxies } from './tables.mjs'

const DELAY_MS = 20
/** Through proxies: one that looks up at once, one that is quick, one that never looks up. */
const PROXY_CLIENTS = ['curl', 'Node fetch', 'Node http, keep-alive agent', 'Python http.client']
const LINK_CLIENTS = [...PROXY_CLIENTS, 'Node http, no agent', 'Go net/http', 'Java HttpClient']

const flags = readFlags(process.argv.slice(2))
if (!flags.built && (await build()) !== 0) process.exit(1)

const folder = mkdtempSync(path.join(tmpdir(), 'expectation-interop-'))
process.on('exit', () => rmSync(folder, { recursive: true, force: true }))

const { clients, proxies, servers, skipped } = await find()
for (const { name, reason } of skipped) console.log(`left out: ${name} (${reason})`)

const rounds = {
  direct: flags.rounds,
  proxied: Math.ceil(flags.rounds / 5),
  linked: Math.ceil(flags.rounds / 10),
}
const named = (list) => clients.filter(({ name }) => list.includes(name))
const asked = (table, run) => (flags.tables.includes(table) ? run() : [])

const direct = await asked('direct', () =>
  directly({ servers, clients, rounds: rounds.direct, tell }),
)
const proxied = await asked('proxies', () =>
  throughProxies({
    servers: servers.filter(({ direct }) => direct !== true),
    clients: named(PROXY_CLIENTS),
    proxies,
    rounds: rounds.proxied,
    tell,
  }),
)
const linked = await asked('link', () =>
  overLink({
    servers,
    clients: named(LINK_CLIENTS),
    delayMs: DELAY_MS,
    rounds: rounds.linked,
    tell,
  }),
)

const result = { direct, proxied, linked: Array.isArray(linked) ? { cells: [] } : linked }
const text = report({ ...result, clients, proxies, skipped, rounds, delayMs: DELAY_MS })
console.log(`\n${text}`)
if (flags.write) writeFileSync(path.join(root, 'docs/delivery.md'), text)
conclude()

async function find() {
  const allServers = findServers()
  const asks = [await findClients(folder), await findProxies(folder)]
  const choose = (list) => list.filter(chooser(flags.only, list))
  return {
    clients: choose(asks[0].ready),
    proxies: choose(asks[1].ready),
    servers: choose(allServers),
    skipped: asks.flatMap((each) => each.skipped),
  }
}

function tell(cell) {
  const steps = [cell.client.name, cell.link && 'link', cell.proxy?.name, cell.server.name]
  console.log(`${steps.filter(Boolean).join(' → ')}: ${shown(cell).replaceAll('*', '')}`)
  return cell
}

function conclude() {
  const faults = faultsOf(result)
  for (const fault of faults) console.error(`lost: ${fault}`)
  const forbidden = process.env.EXPECTATION_NO_SKIP === '1' && skipped.length > 0
  if (forbidden) console.error('EXPECTATION_NO_SKIP=1: programs that are missing fail this run.')
  process.exitCode = faults.length > 0 || forbidden ? 1 : 0
}
