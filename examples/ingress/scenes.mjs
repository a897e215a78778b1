// What the chain is asked to do, one thing after the other, by @expectation/client; and the content bytes
// that each hop has carried for it.
import { createHash, randomBytes } from 'node:crypto'
import { setTimeout as sleep } from 'node:timers/promises'
import { GetObjectCommand, HeadObjectCommand } from '@aws-sdk/client-s3'
import { upload } from '@expectation/client'
import { TOKEN } from './chain.mjs'

const LENGTH = 2_000_000
const PIECE = 100_000

const headers = (tenant, more = {}) => ({
  Authorization: `Bearer ${TOKEN}`,
  'Content-Type': 'video/mp4',
  'X-Tenant': tenant,
  ...more,
})

/** A gate for content: what comes behind `opened` waits for `open()`. */
function gate() {
  let open
  const opened = new Promise((resolve) => {
    open = resolve
  })
  return { open, opened }
}

/** Content that stops after its first piece until it may go on. */
async function* slow(content, opened) {
  yield content.subarray(0, PIECE)
  await opened
  yield content.subarray(PIECE)
}

/** Bytes of the last gateway message about a path; the gateway tells them when the exchange is over. */
async function told(chain, path, relays, act) {
  const before = chain.tap.counts.contentBytes
  const isOf = (kind) => (message, name) => name === 'gateway' && message[kind]?.path === path
  const outcome = chain.reach(`the outcome of ${path}`, isOf('outcome'))
  const relay = relays ? chain.reach(`the relay of ${path}`, isOf('relay')) : undefined
  const response = await act(`${chain.url}${path}`)
  const body = await response.json()
  await outcome
  const facts = (await relay)?.message.relay
  return {
    path,
    status: response.status,
    reason: body.error?.reason,
    by: body.by,
    checksum: body.checksum,
    tried: facts?.tried ?? [],
    hops: [
      response.upload.sentBytes,
      facts?.contentBytes ?? 0,
      chain.tap.counts.contentBytes - before,
    ],
  }
}

const once = { retry: false, continueTimeoutMs: 20_000 }

/** Until so many content bytes more have gone to the storage than before. */
async function arrived(chain, bytes) {
  for (let turn = 0; chain.tap.counts.contentBytes < bytes; turn += 1) {
    if (turn === 500) throw new Error('The content never came to the storage.')
    await sleep(20)
  }
}

export async function* scenes(chain) {
  const content = randomBytes(LENGTH)
  const sha256 = createHash('sha256').update(content).digest()
  const digest = { 'Content-Digest': `sha-256=:${sha256.toString('base64')}:` }
  const send = (path, options = {}, relays = true) =>
    told(chain, path, relays, (url) =>
      upload(url, { body: content, headers: headers('film', digest), ...once, ...options }),
    )

  yield { title: 'accepted', ...(await send('/files/accepted')), wanted: 201 }
  yield {
    title: 'a busy service: the other one takes it',
    ...(await busy(chain, send)),
    wanted: 201,
  }
  yield {
    title: 'refused by the gateway: larger than 50 MB',
    ...(await send('/files/large', { body: Buffer.alloc(60_000_000) }, false)),
    wanted: 413,
  }
  yield {
    title: 'refused by the service: no token',
    ...(await send('/files/no-token', { headers: { 'Content-Type': 'video/mp4' } })),
    wanted: 401,
  }
  yield {
    title: 'refused by admission: the tenant has its share',
    ...(await greedy(chain, send)),
    wanted: 429,
  }
  yield {
    title: 'refused by the storage: no such bucket',
    ...(await send('/vault/a')),
    wanted: 502,
  }
  yield { title: 'a service killed in the middle', ...(await killed(chain, content)), wanted: 201 }
  for (const key of ['accepted', 'killed']) await checkStored(chain, key, sha256)
  for (const key of ['large', 'no-token']) await checkAbsent(chain, key)
}

/** Holds all slots of service-1, directly, and uploads until the gateway has come to it first. */
async function busy(chain, send) {
  const { open, opened } = gate()
  const body = Buffer.alloc(PIECE * 2)
  const holding = []
  const before = chain.tap.counts.contentBytes
  for (let at = 0; at < chain.settings.ownSlots; at += 1) {
    const path = `/files/holds-${at}`
    const started = chain.reach(path, (message) => message.started === `holds-${at}`)
    const options = { body: slow(body, opened), contentLength: body.length, ...once }
    const url = chain.urlOf('service-1') + path
    holding.push(upload(url, { ...options, headers: headers(`holder-${at}`) }))
    await started
  }
  await arrived(chain, before + holding.length * PIECE)
  try {
    for (let turn = 0; turn < 4; turn += 1) {
      const facts = await send(`/files/busy-${turn}`)
      if (facts.status !== 201 || facts.tried.includes('503')) return facts
    }
    throw new Error('The gateway never came to the busy service first.')
  } finally {
    open()
    await Promise.all(holding)
  }
}

/** Has one tenant take all that it may, then asks for more. */
async function greedy(chain, send) {
  const { open, opened } = gate()
  const body = Buffer.alloc(PIECE * 2)
  const before = chain.tap.counts.contentBytes
  const services = chain.redis.socket === undefined ? 2 : 1
  const holding = []
  for (let at = 0; at < chain.settings.tenantSlots * services; at += 1) {
    const started = chain.reach('a start', (message) => message.started === `greedy-${at}`)
    const options = { body: slow(body, opened), contentLength: body.length, ...once }
    holding.push(
      upload(`${chain.url}/files/greedy-${at}`, { ...options, headers: headers('greedy') }),
    )
    await started
  }
  await arrived(chain, before + holding.length * PIECE)
  try {
    return await send('/files/one-more', { headers: headers('greedy') })
  } finally {
    open()
    await Promise.all(holding)
  }
}

/** Kills the service that has the upload; the client, which can have its content again, sends it again. */
async function killed(chain, content) {
  let attempt = 0
  const body = () => {
    attempt += 1
    return attempt === 1 ? slow(content, new Promise(() => {})) : content
  }
  const before = chain.tap.counts.contentBytes
  const begun = chain.reach('a start', (message) => message.started === 'killed')
  const answer = upload(`${chain.url}/files/killed`, {
    body,
    contentLength: content.length,
    headers: headers('film'),
    continueTimeoutMs: 20_000,
    retry: { attempts: 5, minDelayMs: 100 },
  })
  const { name } = await begun
  await arrived(chain, before + PIECE)
  console.log(`(${name} is killed now. The gateway logs it as a Refusal, 502 with its cause:)`)
  await chain.kill(name)
  const response = await answer
  const { by, checksum } = await response.json()
  await chain.startService(name)
  const { attempts, sentBytes } = response.upload
  return {
    path: '/files/killed',
    status: response.status,
    by,
    checksum,
    tried: attempts.map(({ status, error }) => String(status ?? error ?? 'lost')),
    killed: name,
    hops: [sentBytes],
  }
}

async function checkStored(chain, key, sha256) {
  const got = await chain.storage.client.send(new GetObjectCommand({ Bucket: 'uploads', Key: key }))
  const stored = createHash('sha256')
    .update(await got.Body.transformToByteArray())
    .digest()
  if (!stored.equals(sha256)) throw new Error(`${key} is stored, and is not what was sent.`)
}

async function checkAbsent(chain, key) {
  const command = new HeadObjectCommand({ Bucket: 'uploads', Key: key })
  const found = await chain.storage.client.send(command).then(
    () => true,
    () => false,
  )
  if (found) throw new Error(`${key} was refused, and something is stored.`)
}
