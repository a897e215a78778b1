// A process that is killed in the middle of an upload leaves nothing that looks whole, and the sweeper
// takes the rest.

import { mkdtempSync, readdirSync, rmSync, utimesSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { sweep } from '@expectation/storage'
import { startChild } from '../support/child.js'
import { afterThisTest } from '../support/cleanup.js'
import { MIB } from '../support/content.js'
import { RawClient } from '../support/raw-client.js'
import { head } from '../support/request.js'
import { untilEqual } from './support/until.js'

const SERVER = `
import http from 'node:http'
import { attach } from '@expectation/core/node'
import { toDisk } from '@expectation/storage'
const save = toDisk(process.env.FOLDER ?? '', (request) => request.url.slice(1))
const server = http.createServer(async (request, response) => {
  try {
    response.end(JSON.stringify(await save(request, response)))
  } catch (error) {
    response.writeHead(error.status ?? 500).end()
  }
})
attach(server, {}).listen(0, '127.0.0.1', () => console.log(server.address().port))
`

test('kill -9 in the middle of an upload', async () => {
  const folder = mkdtempSync(path.join(tmpdir(), 'expectation-killed-'))
  afterThisTest(() => rmSync(folder, { recursive: true, force: true }))
  const child = await startChild(SERVER, { FOLDER: folder })
  const whole = await RawClient.connect(child)
  expect((await whole.send(`${head({ target: '/a', length: 5 })}hello`).final()).status).toBe(200)
  const client = await RawClient.connect(child)
  client.send(head({ target: '/b', length: 2 * MIB })).send(Buffer.alloc(MIB))
  await untilEqual(() => readdirSync(folder).length, 2)
  process.kill(child.pid, 'SIGKILL')
  await client.over()
  const [part, ...rest] = readdirSync(folder).sort()
  expect(part).toMatch(/^\.upload-.*\.part$/)
  expect(rest).toEqual(['a'])

  expect(await sweep(folder)).toBe(0)
  const longAgo = new Date(Date.now() - 25 * 60 * 60 * 1000)
  utimesSync(path.join(folder, part ?? ''), longAgo, longAgo)
  expect(await sweep(folder)).toBe(1)
  expect(readdirSync(folder)).toEqual(['a'])
})
