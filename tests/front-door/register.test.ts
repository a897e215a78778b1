// `node --import @expectation/core/register`: a server that its program knows nothing of is gated, with
// options from the environment or a file; wrong options end the process before it takes a request.

import { type ChildProcessByStdio, spawn } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import type { Readable } from 'node:stream'
import { text } from 'node:stream/consumers'
import { pathToFileURL } from 'node:url'
import { portOf } from '../support/child.js'
import { afterThisTest } from '../support/cleanup.js'
import { RawClient } from '../support/raw-client.js'
import { refused } from '../support/refusal.js'
import { asking } from '../support/request.js'
import { within } from '../support/server.js'

const register = pathToFileURL(path.join(__dirname, '../../packages/core/dist/register.js')).href

const SERVERS = {
  http: `require('node:http').createServer(listener)`,
  'the application of a framework': `require('node:http').createServer().on('request', listener)`,
  'a wrapped server': `new (class extends require('node:http').Server {})(listener)`,
} as const

const program = (server: string): string => `
  const listener = async (request, response) => {
    let bytes = 0
    try {
      for await (const part of request) bytes += part.length
      response.end(bytes + ' bytes')
    } catch { response.destroy() }
  }
  const server = ${server}
  server.listen(0, '127.0.0.1', () => console.log(server.address().port))`

interface Setting {
  readonly environment?: Readonly<Record<string, string>>
  readonly files?: Readonly<Record<string, string>>
  readonly flags?: readonly string[]
}

type Child = ChildProcessByStdio<null, Readable, Readable>

function run(source: string, { environment = {}, files = {}, flags = [] }: Setting): Child {
  const folder = mkdtempSync(path.join(tmpdir(), 'expectation-register-'))
  afterThisTest(() => rmSync(folder, { recursive: true, force: true }))
  for (const [name, content] of Object.entries({ ...files, 'server.cjs': source })) {
    writeFileSync(path.join(folder, name), content)
  }
  const child = spawn(process.execPath, ['--import', register, ...flags, 'server.cjs'], {
    cwd: folder,
    stdio: ['ignore', 'pipe', 'pipe'],
    env: { ...process.env, ...environment },
  })
  const closed = new Promise((resolve) => child.once('close', resolve))
  afterThisTest(async () => {
    child.kill('SIGKILL')
    await closed
  })
  return child
}

const OPTIONS = { EXPECTATION_OPTIONS: '{"maxContentLength":4}' }

const settings: Readonly<Record<string, Setting>> = {
  'options from the environment': { environment: OPTIONS },
  'a module': {
    environment: { EXPECTATION_CONFIG: 'gate.cjs' },
    files: { 'gate.cjs': `module.exports = { maxContentLength: () => 4 }` },
  },
  'a JSON file': {
    environment: { EXPECTATION_CONFIG: './gate.json' },
    files: { 'gate.json': '{"maxContentLength":"4b"}' },
  },
  'loaded twice': { environment: OPTIONS, flags: ['--import', `${register}?again`] },
}

for (const [shown, setting] of Object.entries(settings)) {
  test(`${shown}: refused before content, and what fits goes on`, async () => {
    const port = await portOf(run(program(SERVERS.http), setting), 'the server')
    const large = await RawClient.connect({ port })
    await refused(large.send(asking()), 413, 'content_too_large')
    const small = await RawClient.connect({ port })
    await small.send(asking({ length: 4 })).continue()
    expect((await small.send('abcd').final()).text).toBe('4 bytes')
  })
}

for (const [shown, server] of Object.entries(SERVERS)) {
  test(`${shown} is attached`, async () => {
    const port = await portOf(run(program(server), { environment: OPTIONS }), 'the server')
    await refused((await RawClient.connect({ port })).send(asking()), 413, 'content_too_large')
  })
}

const wrong: readonly (readonly [string, Setting, string])[] = [
  ['a name', { environment: { EXPECTATION_OPTIONS: '{"maxSize":4}' } }, 'maxContentLength'],
  ['a value', { environment: { EXPECTATION_OPTIONS: '{"maxContentLength":-1}' } }, 'whole number'],
  ['no JSON', { environment: { EXPECTATION_OPTIONS: 'maxContentLength' } }, 'as JSON'],
  ['a number', { environment: { EXPECTATION_OPTIONS: '5' } }, 'Give an object of options'],
  ['null', { environment: { EXPECTATION_OPTIONS: 'null' } }, 'Give an object of options'],
  [
    'a function',
    {
      environment: { EXPECTATION_CONFIG: 'gate.cjs' },
      files: { 'gate.cjs': 'module.exports = () => ({ maxContentLength: 4 })' },
    },
    'Give an object of options',
  ],
  ['a missing file', { environment: { EXPECTATION_CONFIG: 'none.cjs' } }, 'cannot be loaded'],
  ['both', { environment: { ...OPTIONS, EXPECTATION_CONFIG: 'a.cjs' } }, 'not both'],
]
for (const [shown, setting, words] of wrong) {
  test(`wrong options, ${shown}: the process ends and says what to write`, async () => {
    const child = run(program(SERVERS.http), setting)
    const said = text(child.stderr)
    const code = await within(
      'the end',
      new Promise((resolve) => child.once('exit', resolve)),
      10_000,
    )
    expect(code).not.toBe(0)
    expect(await said).toContain(words)
  })
}

test('law 0: a server of another protocol is left alone', async () => {
  const source = `
    const net = require('node:net')
    const server = net.createServer((socket) => socket.end('hello'))
    server.listen(0, '127.0.0.1', () => console.log(server.address().port))`
  const port = await portOf(run(source, { environment: OPTIONS }), 'the server')
  const client = await RawClient.connect({ port })
  expect(await client.fin()).toBe('hello')
})
