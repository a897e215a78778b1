// The programs of the package's README run: each stores an upload, and tells its client when it cannot.

import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { codeBlocks } from '../docs/markdown.js'
import { startChild } from '../support/child.js'
import { afterThisTest } from '../support/cleanup.js'
import { RawClient } from '../support/raw-client.js'
import { asking } from '../support/request.js'
import { refuse, s3Double, take } from './support/s3-double.js'

const page = readFileSync(path.join(__dirname, '../../packages/storage/README.md'), 'utf8')
const programs = codeBlocks(page)
  .filter(({ language }) => language === 'ts')
  .map(({ heading, code }) => [heading, code] as const)

const TELL = `
const { Server } = require('node:net')
const listen = Server.prototype.listen
Server.prototype.listen = function () {
  this.once('listening', () => console.log(this.address().port))
  return listen.call(this, 0, '127.0.0.1')
}
`

test('there are three', () => expect(programs).toHaveLength(3))

test.each(programs)('%s', async (heading, code) => {
  const folder = mkdtempSync(path.join(tmpdir(), 'expectation-readme-'))
  afterThisTest(() => rmSync(folder, { recursive: true, force: true }))
  const storage = await s3Double((request, response, asked) => {
    if (asked.target.startsWith('/uploads/private')) refuse(response, 403, 'AccessDenied')
    else take(request, response, asked)
  })
  const program = await startChild(`${TELL}\n${code}`, {
    AWS_ENDPOINT_URL_S3: storage.endpoint,
    AWS_REGION: 'eu-central-1',
    AWS_ACCESS_KEY_ID: 'key',
    AWS_SECRET_ACCESS_KEY: 'secret',
    UPLOADS: folder,
  })
  const toDirectory = heading === 'Into a directory'
  const target = (name: string): string => (toDirectory ? `/${name}` : `/files/${name}`)
  const client = await RawClient.connect(program)
  await client.send(asking({ target: target('film') })).continue()
  expect((await client.send('hello').final()).status).toBe(201)
  const refused = await RawClient.connect(program)
  refused.send(asking({ target: target(toDirectory ? 'film' : 'private'), length: 3_000_000 }))
  const wanted = { 'Into a directory': 412, 'Into S3': 502 }[heading]
  // What the SDK throws is no refusal, and its status is not the client's.
  expect((await refused.final()).status).toBe(wanted ?? 500)
})
