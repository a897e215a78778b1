// The chain under load: many clients, a third of their uploads refused somewhere, one service killed and
// started again. Fails unless every accepted upload is stored with its checksum, every refused client knows
// why, and nothing is held afterwards.
import { createHash, randomBytes, randomInt } from 'node:crypto'
import { readdirSync } from 'node:fs'
import { setTimeout as sleep } from 'node:timers/promises'
import { HeadObjectCommand } from '@aws-sdk/client-s3'
import { upload } from '@expectation/client'
import { createClient } from 'redis'
import { TOKEN } from './chain.mjs'
import { megabytes } from './report.mjs'

const MEGABYTE = 1_000_000
const MOST = 50 * MEGABYTE
const PROCESSES = ['gateway', 'service-1', 'service-2']
const VERIFIERS = 20

/** One upload in nine is too large, one has no token, one goes where the storage takes nothing. */
const REFUSED = new Map([
  [0, { status: 413, reason: 'content_too_large' }],
  [3, { status: 401, reason: 'unauthorized' }],
  [6, { status: 502, reason: 'storage_refused' }],
])

export async function load(chain, { uploads, clients, scale }) {
  const content = randomBytes(Math.ceil(MOST * scale))
  const before = descriptors(chain)
  const run = {
    next: 0,
    accepted: new Map(),
    refused: new Map(),
    wrong: [],
    sent: 0,
    again: 0,
    inVain: 0,
  }
  const begun = performance.now()
  const client = async () => {
    while (run.next < uploads) {
      const number = run.next
      run.next += 1
      try {
        await one(chain, run, number, content, scale)
      } catch (error) {
        run.wrong.push(`${number}: ${error.code ?? error}`)
      }
      const done = run.accepted.size + [...run.refused.values()].reduce((sum, n) => sum + n, 0)
      if (done % 100 === 0) console.log(`${done} of ${uploads}`)
    }
  }
  const running = Promise.all(Array.from({ length: clients }, client))
  await killed(chain, run, uploads)
  await running
  const seconds = (performance.now() - begun) / 1000
  await verify(chain, run)
  const after = await settled(chain, before)
  report({ run, seconds, before, after })
}

async function killed(chain, run, uploads) {
  while (run.next < uploads / 3) await sleep(50)
  await chain.kill('service-1')
  console.log('service-1 was killed')
  await sleep(3000)
  await chain.startService('service-1')
  console.log('service-1 was started again')
}

async function one(chain, run, number, content, scale) {
  const refusal = REFUSED.get(number % 9)
  const bytes = randomInt(Math.floor(MEGABYTE * scale), Math.ceil(MOST * scale))
  const from = randomInt(0, content.length - bytes + 1)
  const body = content.subarray(from, from + bytes)
  const sha256 = createHash('sha256').update(body).digest()
  const tooLarge = refusal?.status === 413
  const path = refusal?.status === 502 ? 'vault' : 'files'
  for (;;) {
    const response = await upload(`${chain.url}/${path}/${number}`, {
      body: tooLarge ? zeros : body,
      contentLength: tooLarge ? MOST * 1.2 : bytes,
      headers: {
        ...(refusal?.status === 401 ? {} : { Authorization: `Bearer ${TOKEN}` }),
        'Content-Type': 'video/mp4',
        'X-Tenant': `tenant-${number % 40}`,
        ...(tooLarge ? {} : { 'Content-Digest': `sha-256=:${sha256.toString('base64')}:` }),
      },
      // Longer than the gateway waits: verdicts are waited for on every hop.
      expect: true,
      continueTimeoutMs: 20_000,
      // A storage that refuses says 502, as a gateway does whose service has died.
      retryOn: [408, 425, 429, 503, 504, ...(refusal ? [] : [502])],
      retry: { attempts: 200, minDelayMs: 100, maxDelayMs: 60_000 },
    })
    const answer = await response.json()
    run.sent += response.upload.sentBytes
    run.again += response.upload.attempts.length - 1
    const { reason } = answer.error ?? {}
    if (refusal && reason?.startsWith('upstream_')) continue
    note(run, { number, refusal, response, answer, body, sha256 })
    return
  }
}

function note(run, { number, refusal, response, answer, body, sha256 }) {
  const { status, upload: report } = response
  const { reason } = answer.error ?? {}
  if (refusal === undefined) {
    const isRight = status === 201 && answer.checksum === sha256.toString('hex')
    if (!isRight) {
      run.wrong.push(`${number}: ${status} ${reason}`)
      return
    }
    const md5 = createHash('md5').update(body).digest('hex')
    run.accepted.set(String(number), { bytes: body.length, etag: `"${md5}"` })
    return
  }
  run.refused.set(reason, (run.refused.get(reason) ?? 0) + 1)
  if (status !== refusal.status || reason !== refusal.reason) {
    run.wrong.push(`${number}: ${status} ${reason} for ${refusal.reason}`)
  }
  // A client that was not answered within its `continueTimeoutMs` sends.
  if (report.attempts.at(-1)?.sentBytes > 0) run.inVain += 1
}

async function* zeros() {
  for (let sent = 0; sent < MOST * 1.2; sent += MEGABYTE) yield Buffer.alloc(MEGABYTE)
}

/** What the storage itself says of each accepted upload. */
async function verify(chain, run) {
  const left = [...run.accepted]
  const verifier = async () => {
    for (let next = left.pop(); next; next = left.pop()) {
      const [Key, { bytes, etag }] = next
      const command = new HeadObjectCommand({ Bucket: 'uploads', Key })
      const stored = await chain.storage.client.send(command).catch(() => undefined)
      if (stored?.ETag !== etag || stored.ContentLength !== bytes) {
        run.wrong.push(`${Key}: stored as ${stored?.ETag}`)
      }
    }
  }
  await Promise.all(Array.from({ length: VERIFIERS }, verifier))
}

/** Descriptors of each process and claims in Redis, when they have come down, or after 30 seconds. */
async function settled(chain, before) {
  for (let turn = 0; ; turn += 1) {
    const now = { ...descriptors(chain), claims: await claims(chain) }
    const isOver = PROCESSES.every((name) => now[name] <= before[name]) && now.claims === 0
    if (isOver || turn === 60) return now
    await sleep(500)
  }
}

function descriptors({ processes }) {
  return Object.fromEntries(
    PROCESSES.map((name) => [name, readdirSync(`/proc/${processes.get(name).pid}/fd`).length]),
  )
}

async function claims({ redis }) {
  if (redis.socket === undefined) return 0
  const client = createClient({ socket: { path: redis.socket, tls: false } })
  await client.connect()
  try {
    return await client.hLen('{ingress}:claims')
  } finally {
    client.destroy()
  }
}

function report({ run, seconds, before, after }) {
  const stored = [...run.accepted.values()].reduce((sum, { bytes }) => sum + bytes, 0)
  const refused = [...run.refused].map(([reason, count]) => `${count} ${reason}`).join(', ')
  console.log(`
${run.accepted.size} stored, ${megabytes(stored)}, each with its checksum; refused: ${refused}
${seconds.toFixed(0)} s; clients sent ${megabytes(run.sent)} and tried ${run.again} times again; refused after content: ${run.inVain}
descriptors before and after: ${PROCESSES.map((name) => `${name} ${before[name]}, ${after[name]}`).join('; ')}
claims in Redis afterwards: ${after.claims}`)
  for (const wrong of run.wrong.slice(0, 20)) console.error(`WRONG ${wrong}`)
  const isHeld = after.claims > 0 || PROCESSES.some((name) => after[name] > before[name])
  if (isHeld) console.error('WRONG something is still held')
  if (run.wrong.length > 0 || isHeld) process.exitCode = 1
}
