// Limits of a process. Without a descriptor left it cannot flush the directory that has the new name, and files may be
// no longer than so much: the upload is not stored then, and its client is told so.

import { spawnSync } from 'node:child_process'
import { mkdtempSync, readdirSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { startChild } from '../support/child.js'
import { afterThisTest } from '../support/cleanup.js'
import { inChunks, MIB } from '../support/content.js'
import { RawClient } from '../support/raw-client.js'
import { asking, head } from '../support/request.js'
import { testWhen } from '../support/skip.js'

/** GET takes all descriptors that are left; PUT stores. */
const SERVER = `
import { openSync } from 'node:fs'
import http from 'node:http'
import { attach } from '@expectation/core/node'
import { toDisk } from '@expectation/storage'
const save = toDisk(process.env.FOLDER ?? '', (request) => request.url.slice(1))
const server = http.createServer(async (request, response) => {
  if (request.method === 'GET') {
    try { for (let at = 0; at < 300; at += 1) openSync('/dev/null', 'r') } catch (error) { return response.end(error.code) }
  }
  try {
    response.end(JSON.stringify(await save(request, response)))
  } catch (error) {
    response.writeHead(error.status ?? 500).end(String(error.code))
  }
})
attach(server, {}).listen(0, '127.0.0.1', () => console.log(server.address().port))
`

const canLimit = spawnSync('prlimit', ['--version']).status === 0
const testWithLimit = testWhen(canLimit, 'prlimit is not there')

async function limited(limit: string) {
  const folder = mkdtempSync(path.join(tmpdir(), 'expectation-limits-'))
  afterThisTest(() => rmSync(folder, { recursive: true, force: true }))
  const child = await startChild(SERVER, { FOLDER: folder })
  expect(spawnSync('prlimit', [limit, `--pid=${child.pid}`]).status).toBe(0)
  return { child, folder }
}

testWithLimit('EMFILE', async () => {
  // A process may have a thousand million of them elsewhere.
  const { child, folder } = await limited('--nofile=256:256')
  const [client, other] = [await RawClient.connect(child), await RawClient.connect(child)]
  await client.send(asking({ target: '/a' })).continue()
  other.send('GET / HTTP/1.1\r\nHost: a\r\n\r\n')
  expect((await other.final()).text).toBe('EMFILE')
  const answer = await client.send('hello').final()
  expect([answer.status, answer.text]).toEqual([500, 'EMFILE'])
  expect(readdirSync(folder)).toEqual([])
})

// As on a file system whose files end at 4 GiB.
describe.each([
  ['of known length', head({ target: '/a', length: MIB }), Buffer.alloc(MIB)],
  ['of unknown length', head({ target: '/a', chunked: true }), inChunks(Buffer.alloc(MIB))],
])('content %s', (_name, message, content) => {
  testWithLimit('EFBIG: 413', async () => {
    const { child, folder } = await limited('--fsize=100000:100000')
    const client = await RawClient.connect(child)
    expect((await client.send(message).send(content).final()).status).toBe(413)
    expect(readdirSync(folder)).toEqual([])
  })
})
