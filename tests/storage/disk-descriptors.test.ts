// A process without a descriptor left cannot flush the directory that has the new name: the upload is not
// stored then, and its client is told so.

import { spawnSync } from 'node:child_process'
import { mkdtempSync, readdirSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { startChild } from '../support/child.js'
import { afterThisTest } from '../support/cleanup.js'
import { RawClient } from '../support/raw-client.js'
import { asking } from '../support/request.js'
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

/** A process may have a thousand million of them elsewhere. */
const limit = (pid: number) => spawnSync('prlimit', ['--nofile=256:256', `--pid=${pid}`]).status
const canLimit = spawnSync('prlimit', ['--version']).status === 0

testWhen(canLimit, 'prlimit is not there')('EMFILE', async () => {
  const folder = mkdtempSync(path.join(tmpdir(), 'expectation-descriptors-'))
  afterThisTest(() => rmSync(folder, { recursive: true, force: true }))
  const child = await startChild(SERVER, { FOLDER: folder })
  expect(limit(child.pid)).toBe(0)
  const [client, other] = [await RawClient.connect(child), await RawClient.connect(child)]
  await client.send(asking({ target: '/a' })).continue()
  other.send('GET / HTTP/1.1\r\nHost: a\r\n\r\n')
  expect((await other.final()).text).toBe('EMFILE')
  const answer = await client.send('hello').final()
  expect([answer.status, answer.text]).toEqual([500, 'EMFILE'])
  expect(readdirSync(folder)).toEqual([])
})
