// The programs in docs/gateway.md and in the package's README run: each is asked for an upload that goes
// through, and one that the upstream refuses.

import { readFileSync } from 'node:fs'
import http from 'node:http'
import path from 'node:path'
import { attach } from '@expectation/core/node'
import { codeBlocks } from '../docs/markdown.js'
import { startChild } from '../support/child.js'
import { RawClient } from '../support/raw-client.js'
import { asking } from '../support/request.js'
import { serve } from '../support/server.js'

const root = path.join(__dirname, '../..')
const programs = ['packages/gateway/README.md', 'docs/gateway.md'].flatMap((page) =>
  codeBlocks(readFileSync(path.join(root, page), 'utf8'))
    .filter(({ language }) => language === 'ts')
    .map(({ heading, code }) => [page, heading, code] as const),
)

/** What every program does at its end, wherever it listens. */
const TELL = `
const { Server } = require('node:http')
const listen = Server.prototype.listen
Server.prototype.listen = function (port: any, ...rest: any[]) {
  this.once('listening', () => console.log(this.address().port))
  return typeof port === 'object' ? listen.call(this, { ...port, port: 0, host: '127.0.0.1' }, ...rest) : listen.call(this, 0, '127.0.0.1')
}
`

test('there are six', () => expect(programs).toHaveLength(6))

test.each(programs)('%s, %s', async (_page, _heading, code) => {
  const upstream = http.createServer((request, response) => {
    if (request.url?.endsWith('/private') === true) {
      response.writeHead(401).end()
      return
    }
    request.on('data', () => undefined)
    request.on('end', () => response.writeHead(201).end('stored'))
  })
  const { port } = await serve(attach(upstream, {}))
  const source = code.replaceAll(/127\.0\.0\.1:900\d/g, `127.0.0.1:${port}`)
  const program = await startChild(`${TELL}\n${source}`)
  const client = await RawClient.connect(program)
  await client.send(asking({ target: '/storage/a', length: 100_000 })).continue()
  expect((await client.send(Buffer.alloc(100_000)).final()).text).toBe('stored')
  const refused = await RawClient.connect(program)
  expect((await refused.send(asking({ target: '/storage/private' })).final()).status).toBe(401)
})
