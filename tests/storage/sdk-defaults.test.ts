// The AWS SDK with its defaults, in a process of its own: a storage that refuses while content comes, and a
// client that leaves half-way. What the SDK does with a request is shown beside what it does with the
// content of one, so that a new version of it that does better is seen.

import { runChild } from '../support/run-child.js'

const SCRIPT = `
import { fork } from 'node:child_process'
import { once } from 'node:events'
import http from 'node:http'
import net from 'node:net'
import { PutObjectCommand, S3Client } from '@aws-sdk/client-s3'
import { errorHandler, expectation } from '@expectation/express'
import { contentOf, toS3 } from '@expectation/storage'
import express from 'express'

const cases = ['contentOf', 'toS3', 'request'].flatMap((body) => [body + ' refuses', body + ' leaves'])
if (process.env.CASE === undefined) {
  const ends = cases.map(async (name) => {
    const child = fork(process.argv[1], { env: { ...process.env, CASE: name }, silent: true })
    let output = ''
    for (const stream of [child.stdout, child.stderr]) stream.on('data', (part) => { output += part })
    const [code] = await once(child, 'close')
    const report = output.split('\\n').find((line) => line.startsWith('{"status"'))
    const unhandled = output.includes("Unhandled 'error' event")
    return [name, { code, unhandled, ...(report === undefined ? {} : JSON.parse(report)) }]
  })
  console.log(JSON.stringify(Object.fromEntries(await Promise.all(ends))))
  return
}
const [body, scene] = process.env.CASE.split(' ')
const report = { status: 0, ended: '' }
const listening = (server) => new Promise((resolve) => server.listen(0, '127.0.0.1', () => resolve(server.address().port)))
const pause = (ms) => new Promise((resolve) => setTimeout(resolve, ms))

const storage = http.createServer()
for (const event of ['request', 'checkContinue']) {
  storage.on(event, (request, response) => {
    request.on('error', () => {})
    if (scene === 'refuses') {
      response.writeHead(403, { connection: 'close' }).end('<Error><Code>AccessDenied</Code></Error>')
      return
    }
    if (event === 'checkContinue') response.writeContinue()
    request.resume()
  })
}
const client = new S3Client({
  endpoint: 'http://127.0.0.1:' + await listening(storage),
  region: 'us-east-1',
  forcePathStyle: true,
  maxAttempts: 1,
  credentials: { accessKeyId: 'a', secretAccessKey: 'b' },
})
const put = (Body, ContentLength, abortSignal) =>
  client.send(new PutObjectCommand({ Bucket: 'b', Key: 'k', Body, ContentLength }), { abortSignal })
const save = {
  request: (req) => put(req, Number(req.headers['content-length'])),
  contentOf(req, res) {
    const content = contentOf(req, res)
    return put(content.body, content.length, content.signal)
  },
  toS3: toS3({ client, bucket: 'b', key: 'k' }),
}[body]

const app = express()
app.use(expectation())
app.put('/', async (req, res) => {
  try {
    await save(req, res)
    report.ended = 'stored'
  } catch (error) {
    report.ended = error.reason ?? error.name
    throw error
  }
})
app.use((error, _req, res, _next) => { if (!res.headersSent) res.status(error.status ?? 502).json({}) })
const server = http.createServer(app)
const upload = net.connect(await listening(server), '127.0.0.1')
upload.on('error', () => {})
upload.on('data', (bytes) => { report.status = Number(/ (\\d{3}) /.exec(String(bytes))?.[1]) })
upload.write('PUT / HTTP/1.1\\r\\nHost: a\\r\\nContent-Length: 12000000\\r\\n\\r\\n')
for (let sent = 0; sent < 6; sent += 1) {
  upload.write(Buffer.alloc(1_000_000))
  await pause(30)
}
upload.resetAndDestroy()
for (let turn = 0; turn < 100 && report.ended === ''; turn += 1) await pause(20)
await pause(100)
console.log(JSON.stringify(report))
process.exit(0)
`

/** Imports stand at the top, and what waits is a function: a bundle is CommonJS. */
async function run(): Promise<unknown> {
  const at = SCRIPT.indexOf('\n\n')
  const [imports, body] = [SCRIPT.slice(0, at), SCRIPT.slice(at)]
  return (await runChild(`${imports}\nvoid (async () => {${body}})()`)).report()
}

test('with the content of the request the process lives and the handler ends, whatever happens', async () => {
  const lives = { code: 0, unhandled: false }
  expect(await run()).toEqual({
    'contentOf refuses': { ...lives, status: 502, ended: 'AccessDenied' },
    'toS3 refuses': { ...lives, status: 502, ended: 'storage_refused' },
    'contentOf leaves': { ...lives, status: 0, ended: 'AbortError' },
    'toS3 leaves': { ...lives, status: 0, ended: 'upload_cut_off' },
    // The request itself, as the SDK is documented to be used: core keeps the process alive when the
    // storage refuses. A client that leaves ends it (https://github.com/aws/aws-sdk-js-v3/issues/5275).
    'request refuses': { ...lives, status: 502, ended: 'AccessDenied' },
    'request leaves': { code: 1, unhandled: true },
  })
}, 60_000)
