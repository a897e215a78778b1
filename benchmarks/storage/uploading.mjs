// `node --expose-gc benchmarks/storage/uploading.mjs`: what an upload costs in memory while its client sends
// faster than the storage takes. The service is measured in its own process; clients and storage are in
// another. Of an upload to disk, which always takes, the client pauses.
import { fork } from 'node:child_process'
import { on, once } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import http from 'node:http'
import net from 'node:net'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { S3Client } from '@aws-sdk/client-s3'
import { attach } from '@expectation/core/node'
import { toDisk, toS3 } from '@expectation/storage'

const COUNT = 50
const LENGTH = 64 * 1024 * 1024
const SETTLED_MS = 6000
const MOST_MS = 40_000
const LENGTH_KNOWN = `Content-Length: ${LENGTH}\r\n\r\n`
// One chunk that never ends is enough.
const LENGTH_UNKNOWN = `Transfer-Encoding: chunked\r\n\r\n${LENGTH.toString(16)}\r\n`

if (process.argv[2] === 'others') await others()
else await measured()

async function others() {
  const storage = http.createServer()
  for (const event of ['request', 'checkContinue']) {
    storage.on(event, (request, response) => {
      const { method, url } = request
      if (method === 'POST' && url.includes('uploads')) {
        response.end('<R><Bucket>b</Bucket><Key>k</Key><UploadId>1</UploadId></R>')
      } else if (event === 'checkContinue') response.writeContinue()
      // Nothing more is read.
      request.pause()
    })
  }
  storage.listen(0, '127.0.0.1')
  await once(storage, 'listening')
  process.send({ storage: storage.address().port })
  for await (const [{ port, target, framing, pauses }] of on(process, 'message')) {
    for (let at = 0; at < COUNT; at += 1) {
      const socket = net.connect({ port, host: '127.0.0.1' })
      socket.on('error', () => undefined)
      socket.write(`PUT ${target}${port}-${at} HTTP/1.1\r\nHost: a\r\n${framing}`)
      socket.write(Buffer.alloc(pauses ? 1024 * 1024 : LENGTH))
    }
  }
}

async function measured() {
  const child = fork(fileURLToPath(import.meta.url), ['others'], { execArgv: [] })
  const [{ storage }] = await once(child, 'message')
  const folder = mkdtempSync(path.join(tmpdir(), 'uploading-'))
  const client = new S3Client({
    endpoint: `http://127.0.0.1:${storage}`,
    region: 'us-east-1',
    forcePathStyle: true,
    credentials: { accessKeyId: 'a', secretAccessKey: 'b' },
    requestHandler: { httpAgent: { maxSockets: 1000 } },
  })
  const save = {
    s3: toS3({ client, bucket: 'b', key: (request) => request.url, idleTimeoutMs: 600_000 }),
    disk: toDisk(folder, (request) => request.url.split('/').at(-1)),
  }
  const server = http.createServer((request, response) => {
    const store = request.url.startsWith('/disk/') ? save.disk : save.s3
    store(request, response).catch(() => response.destroy())
  })
  attach(server, {})
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address()
  const batch = async (batchOf) => {
    const before = now()
    child.send({ port, ...batchOf })
    const after = await settled()
    server.closeAllConnections()
    await sleep(1000)
    const each = (what) => ((after[what] - before[what]) / COUNT / 1000).toFixed(0)
    return `${each('heap')} kB of heap and buffers each, ${each('rss')} kB of RSS`
  }
  const kinds = {
    'toS3, length known': { target: '/s3/', framing: LENGTH_KNOWN },
    'toS3, in parts of 8 MB': { target: '/s3/', framing: LENGTH_UNKNOWN },
    toDisk: { target: '/disk/', framing: LENGTH_KNOWN, pauses: true },
  }
  // The first batch also pays for what the process keeps.
  await batch(kinds['toS3, length known'])
  for (const [name, kind] of Object.entries(kinds)) console.log(`${name}: ${await batch(kind)}`)
  child.kill()
  rmSync(folder, { recursive: true, force: true })
  process.exit()
}

/** When it has not grown for a while. */
async function settled() {
  const until = performance.now() + MOST_MS
  for (let before = now(); ; ) {
    await sleep(SETTLED_MS)
    const after = now()
    if (after.heap < before.heap * 1.01 || performance.now() > until) return after
    before = after
  }
}

function now() {
  global.gc()
  global.gc()
  const { heapUsed, external, rss } = process.memoryUsage()
  return { heap: heapUsed + external, rss }
}
