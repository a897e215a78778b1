// What a decision of admission costs, by itself: the check is asked and the grant given back, one upload
// after the other, medians in microseconds. With `redis-server` installed also by Redis on a socket.
//
//   node benchmarks/findings/admission.mjs

import { spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, mkdtempSync, rmSync } from 'node:fs'
import { createRequire } from 'node:module'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'

// Where the packages and the clients are installed.
const require = createRequire(new URL('../../tests/package.json', import.meta.url))
const { admission, redisStore } = require('@expectation/admission')
const { Grant } = require('@expectation/core')

const WARM = 20_000
const ASKED = 3_000
const ROUNDS = 5
const headers = { 'content-length': '5000' }
const head = {
  method: 'PUT',
  target: '/files/a',
  version: '1.1',
  headers,
  contentLength: 5000,
  contentType: undefined,
  field: (name) => headers[name],
}
const context = { request: undefined, signal: new AbortController().signal }
const end = { why: 'answered', receivedBytes: 5000 }

const limits = { slots: 200, bytes: '8gb', tenant: () => 'ada', tenantSlots: 4 }
report('a check that lets everybody pass', () => undefined, WARM)
report('a check with a grant that holds nothing', () => new Grant({ release() {} }), WARM)
report('in memory', admission(limits), WARM)
if (spawnSync('redis-server', ['--version']).status === 0) await withRedis()

function report(name, check, warm) {
  for (let asked = 0; asked < warm; asked += 1) check(head, context)?.release(end)
  const medians = []
  for (let round = 0; round < ROUNDS; round += 1) {
    const times = []
    for (let asked = 0; asked < ASKED; asked += 1) {
      const since = performance.now()
      check(head, context)?.release(end)
      times.push(performance.now() - since)
    }
    medians.push(median(times))
  }
  console.log(`${name}: ${(median(medians) * 1000).toFixed(1)} µs`)
}

async function withRedis() {
  const folder = mkdtempSync(path.join(tmpdir(), 'admission-'))
  const socket = path.join(folder, 'redis.sock')
  const flags = ['--port', '0', '--unixsocket', socket, '--save', '', '--dir', folder]
  const server = spawn('redis-server', flags, { stdio: 'ignore' })
  try {
    while (!existsSync(socket)) await sleep(20)
    const client = require('redis').createClient({ socket: { path: socket, tls: false } })
    await client.connect()
    await reportLater('by redis', client)
    client.destroy()
    const other = new (require('ioredis'))(socket)
    await reportLater('by ioredis', other)
    other.disconnect()
  } finally {
    server.kill()
    await once(server, 'exit')
    rmSync(folder, { recursive: true, force: true })
  }
}

async function reportLater(name, client) {
  const check = admission({ ...limits, store: redisStore(client, { timeoutMs: 3_000 }) })
  const times = []
  for (let asked = 0; asked < 2 * ASKED; asked += 1) {
    const since = performance.now()
    const answer = await check(head, context)
    times.push(performance.now() - since)
    if (answer instanceof Grant) answer.release(end)
  }
  console.log(`${name}: ${(median(times.slice(ASKED)) * 1000).toFixed(0)} µs`)
  await check.close()
}

function median(times) {
  return times.sort((one, other) => one - other)[Math.floor(times.length / 2)]
}
