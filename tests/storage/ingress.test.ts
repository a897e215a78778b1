// The whole chain as people start it: one command, every way in which an upload can end, and nothing left.
// EXPECTATION_LONG=1 runs it without Swift and Redis, too.

import { type ChildProcess, spawn } from 'node:child_process'
import { mkdtempSync, readdirSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { afterThisTest } from '../support/cleanup.js'
import { latch, within } from '../support/server.js'

const DIRECTORY = path.join(__dirname, '../../examples/ingress')
const without = { INGRESS_STORAGE: 'double', INGRESS_REDIS: 'none' }
const forms = [
  ['with what is installed', {}],
  ...(process.env.EXPECTATION_LONG === '1' ? [['with doubles', without] as const] : []),
] as const

async function run(environment: NodeJS.ProcessEnv) {
  const temporary = mkdtempSync(path.join(tmpdir(), 'expectation-chain-'))
  afterThisTest(() => rmSync(temporary, { recursive: true, force: true }))
  const child: ChildProcess = spawn(process.execPath, ['start.mjs', '--once'], {
    cwd: DIRECTORY,
    env: { ...process.env, ...environment, TMPDIR: temporary, NODE_NO_WARNINGS: '1' },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  let output = ''
  for (const stream of [child.stdout, child.stderr]) {
    stream?.on('data', (bytes: Buffer) => {
      output += bytes.toString('utf8')
    })
  }
  const page = latch<string>()
  child.stdout?.on('data', () => {
    const found = /^page: (\S+)$/m.exec(output)?.[1]
    if (found !== undefined) page.open(found)
  })
  const closed = new Promise<number | null>((resolve) => child.once('close', resolve))
  afterThisTest(() => void child.kill('SIGTERM'))
  const seen = await look(await within('the page', page.opened, 60_000))
  const code = await within('the chain to end', closed, 90_000)
  return { code, output, seen, left: readdirSync(temporary) }
}

/** The page, its files, and the first state that it is told. */
async function look(url: string): Promise<string> {
  const signal = AbortSignal.timeout(20_000)
  const texts = ['/', '/style.css', '/script.js'].map(async (file) => {
    const response = await fetch(url + file, { signal })
    return `${response.status} ${await response.text()}`
  })
  const events = await fetch(`${url}/events`, { signal })
  let told = ''
  for await (const chunk of events.body ?? []) {
    told += Buffer.from(chunk).toString('utf8')
    if (told.includes('\n\n')) break
  }
  return [...(await Promise.all(texts)), told].join('\n')
}

const REFUSED = [
  ['refused by the gateway', '413 content_too_large'],
  ['refused by the service', '401 unauthorized'],
  ['refused by admission', '429 too_many_uploads'],
  ['refused by the storage', '502 storage_refused'],
] as const

test.each(forms)(
  '%s',
  async (_name, environment) => {
    const { code, output, seen, left } = await run(environment)
    expect(seen.match(/^200 /gm)).toHaveLength(3)
    expect(seen).toContain('From the client to the storage')
    expect(seen).toMatch(/^data: \{"gateway":"http:.*"bytes":\{"gateway":\d+,/m)
    expect(output).toMatch(/^accepted\n {4}201 by service-\d\n/m)
    expect(output).toMatch(/^a busy service: .*\n {4}201 by service-2 {2}tried: 503, then 201$/m)
    for (const [title, answer] of REFUSED) {
      expect(output).toMatch(
        new RegExp(
          `^${title}.*\\n {4}${answer}.*\\n {4}content sent by: client 0 → gateway 0 → service 0$`,
          'm',
        ),
      )
    }
    expect(output).toMatch(
      /^a service killed in the middle\n {4}201 by service-\d {2}tried: 502, /m,
    )
    expect(output).toMatch(/^\(service-\d is killed now\./m)
    expect(output).toMatch(/; slots held now: 0; processes killed: 1$/m)
    expect(code).toBe(0)
    expect(left).toEqual([])
  },
  120_000,
)
