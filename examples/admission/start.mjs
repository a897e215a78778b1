// Redis, three upload services and forty clients by one command; one service is killed and started again.
import { fork, spawn } from 'node:child_process'
import { once, setMaxListeners } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import net from 'node:net'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { createClient } from 'redis'
import { clients } from './clients.mjs'

const SLOTS = 12
const BYTES = 6 * 1024 * 1024
const seconds = Number(process.argv[2] ?? 30)
if (!Number.isFinite(seconds) || seconds <= 0) {
  console.error('Usage: npm start -- [seconds]')
  process.exit(2)
}

const folder = mkdtempSync(path.join(tmpdir(), 'expectation-admission-'))
const socket = path.join(folder, 'redis.sock')
const end = new AbortController()
// Each client listens.
setMaxListeners(0, end.signal)
// One Ctrl-C may arrive twice, from the terminal and from npm: the second must not end us half-way.
for (const signal of ['SIGINT', 'SIGTERM']) process.on(signal, () => end.abort())
// `npm start | head` closes the pipe.
process.stdout.on('error', () => end.abort())

const redis = spawn(
  'redis-server',
  ['--port', '0', '--unixsocket', socket, '--save', '', '--dir', folder],
  { stdio: 'ignore', detached: true },
)
const redisEnded = new Promise((resolve) => redis.once('close', resolve))
redis.once('error', () => {
  console.error('redis-server is not installed: apt-get install redis-server')
  process.exitCode = 1
  end.abort()
})

// What all hold together only Redis knows: services tell what they hold each at its own time.
const counter = createClient({ socket: { path: socket, tls: false } })
counter.on('error', () => {})

const services = [1, 2, 3].map((number) => ({ number, state: 'down', child: undefined, told: {} }))

function begin(service) {
  const child = fork(fileURLToPath(new URL('server.mjs', import.meta.url)), [socket])
  Object.assign(service, { child, state: 'up', told: {}, port: undefined })
  child.on('message', (message) => {
    if (message.port === undefined) service.told = message
    else service.port = message.port
  })
  child.once('exit', () => {
    if (service.child === child) Object.assign(service, { state: 'killed', port: undefined })
  })
}

async function answering() {
  for (;;) {
    end.signal.throwIfAborted()
    const probe = net.connect(socket)
    const up = await Promise.race([
      once(probe, 'connect').then(
        () => true,
        () => false,
      ),
      sleep(1000, false),
    ])
    probe.destroy()
    if (up) return
    await sleep(50)
  }
}

function bar(part, whole) {
  const filled = Math.round((Math.min(part, whole) / whole) * 24)
  return `${'#'.repeat(filled)}${'.'.repeat(24 - filled)}`
}

const mb = (bytes) => `${(bytes / 1024 / 1024).toFixed(1)} MB`

async function show(tally) {
  const lines = services.map(({ number, state, told: { slots = 0, bytes = 0, refused = 0 } }) => {
    if (state !== 'up') return `process ${number}  killed: what it held is free when its lease ends`
    return `process ${number}  ${String(slots).padStart(2)} slots, ${mb(bytes)}, ${refused} refused`
  })
  const used = await counter.hmGet('{example}:used', ['s', 'b'])
  const [slots, bytes] = used.map(Number)
  lines.push(`slots  [${bar(slots, SLOTS)}] ${slots} of ${SLOTS}`)
  lines.push(`bytes  [${bar(bytes, BYTES)}] ${mb(bytes)} of ${mb(BYTES)}`)
  lines.push(`${tally.done} stored, ${tally.refused} refused, ${mb(tally.spared)} never sent`)
  // On a terminal the picture stays in its place.
  if (process.stdout.isTTY) process.stdout.write('\x1b[2J\x1b[H')
  console.log(`${lines.join('\n')}\n`)
}

try {
  await answering()
  await counter.connect()
  for (const service of services) begin(service)
  const ports = () => services.flatMap(({ port }) => (port === undefined ? [] : [port]))
  const tally = clients(40, ports, end.signal)
  for (let half = 1; half <= seconds * 2; half += 1) {
    await sleep(500, undefined, { signal: end.signal })
    if (half === 16) services[1].child.kill('SIGKILL')
    if (half === 32) begin(services[1])
    if (half % 2 === 0) await show(tally)
  }
} catch (error) {
  if (!end.signal.aborted) throw error
} finally {
  end.abort()
  const running = services.filter(({ state }) => state === 'up').map(({ child }) => child)
  const ended = running.map((child) => once(child, 'exit'))
  for (const child of running) child.kill('SIGTERM')
  await Promise.race([Promise.all(ended), sleep(5000)])
  for (const child of running) child.kill('SIGKILL')
  if (counter.isOpen) counter.destroy()
  redis.kill('SIGKILL')
  await redisEnded
  rmSync(folder, { recursive: true, force: true })
}
