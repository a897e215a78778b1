// `client put FILE URL`: what people try first. The answer on the standard output, what was sent and
// spared on the standard error, and an exit code for scripts.
import { spawn } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { buildSync } from 'esbuild'
import { within } from '../support/server.js'
import { answer, type Step, scripted, take } from './upload-server.js'

const SIZE = 1_000_000
const root = path.resolve(__dirname, '../..')
const folder = mkdtempSync(path.join(tmpdir(), 'expectation-command-'))
const film = path.join(folder, 'film.mp4')
const command = path.join(folder, 'cli.cjs')

jest.setTimeout(60_000)

beforeAll(() => {
  writeFileSync(film, Buffer.alloc(SIZE))
  buildSync({
    entryPoints: [path.join(root, 'packages/client/src/cli.ts')],
    outfile: command,
    bundle: true,
    platform: 'node',
    external: ['undici'],
    logLevel: 'error',
  })
})
afterAll(() => rmSync(folder, { recursive: true, force: true }))

async function client(args: readonly string[], input?: Buffer) {
  const child = spawn(process.execPath, [command, ...args], { stdio: 'pipe' })
  let out = ''
  let told = ''
  child.stdout.on('data', (bytes: Buffer) => {
    out += bytes.toString()
  })
  child.stderr.on('data', (bytes: Buffer) => {
    told += bytes.toString()
  })
  child.stdin.end(input)
  const ended = new Promise<number | null>((resolve) => child.once('close', resolve))
  return { code: await within('the command to end', ended, 30_000), out, told }
}

interface Case {
  readonly steps: readonly Step[]
  readonly args?: readonly string[]
  readonly code: number
  readonly out: string
  readonly told: readonly string[]
}

const cases: Readonly<Record<string, Case>> = {
  'an upload': {
    steps: [take()],
    code: 0,
    out: `${SIZE}\n`,
    told: ['→ 201 (asked first, and told to send', 'Sent 1.0 MB of 1.0 MB.'],
  },
  'a refusal: nothing is sent': {
    steps: [answer(413)],
    code: 1,
    out: '413\n',
    told: ['→ 413', 'Sent 0 bytes of 1.0 MB, spared 1.0 MB'],
  },
  'a busy server': {
    steps: [answer(503, { 'Retry-After': '0' }), take()],
    code: 0,
    out: `${SIZE}\n`,
    told: ['→ 503', 'tried again', '→ 201'],
  },
  'a busy server, --retry 0': {
    steps: [answer(503, { 'Retry-After': '0' })],
    args: ['--retry', '0'],
    code: 1,
    out: '503\n',
    told: ['→ 503'],
  },
  'without asking': {
    steps: [take()],
    args: ['--no-expect', '--method', 'POST', '--header', 'X-Name: film'],
    code: 0,
    out: `${SIZE}\n`,
    told: ['POST ', 'not asked first'],
  },
  quiet: { steps: [take()], args: ['--quiet'], code: 0, out: `${SIZE}\n`, told: [] },
}

test.each(Object.keys(cases))('%s', async (name) => {
  const { steps, args = [], code, out, told } = cases[name] as Case
  const { url } = await scripted(...steps)
  const ended = await client(['put', film, url, ...args])
  expect(ended).toMatchObject({ code, out })
  for (const words of told) expect(ended.told).toContain(words)
  if (told.length === 0) expect(ended.told).toBe('')
})

test('header fields arrive, the standard input is a file too, --json tells all', async () => {
  const { url, seen } = await scripted(take())
  const args = ['put', '-', url, '--header', 'X-Name: film', '--json']
  const { code, out } = await client(args, Buffer.alloc(SIZE))
  expect(code).toBe(0)
  expect(JSON.parse(out)).toMatchObject({
    status: 201,
    body: `${SIZE}\n`,
    sentBytes: SIZE,
    attempts: [{ asked: true, verdict: 'continue' }],
  })
  expect(seen[0]?.headers['x-name']).toBe('film')
})

test('no answer is 3, wrong use is 2, help is 0', async () => {
  const { url, server } = await scripted(take())
  await new Promise((resolve) => server.close(resolve))
  expect(await client(['put', film, url, '--retry', '0'])).toMatchObject({ code: 3, out: '' })
  expect(await client(['put', path.join(folder, 'nothing'), url])).toMatchObject({ code: 3 })
  const wrong = [
    ['put', film, 'http://127.0.0.1:1', '--expect', '--no-expect'],
    ['put', film],
    ['get', film, url],
    ['put', film, url, '--retri', '1'],
  ]
  for (const ended of await Promise.all(wrong.map((args) => client(args)))) {
    expect(ended).toMatchObject({ code: 2, out: '' })
    expect(ended.told).toMatch(/^client: /)
  }
  expect(await client(['--help'])).toMatchObject({ code: 0, told: '' })
})

test('no argument at all is 2 with the usage, so that a script whose variables are empty fails', async () => {
  const { out: usage } = await client(['--help'])
  expect(await client([])).toEqual({ code: 2, out: '', told: usage })
})

test.each([[], ['--json']])('an answer that is cut is 3, in one line: %p', async (...flags) => {
  const { url } = await scripted((request, response) => {
    request.resume()
    response.writeHead(200, { 'Content-Length': 1000 })
    response.write('[1]')
    request.on('end', () => void setTimeout(() => request.socket.destroy(), 50))
  })
  const { code, out, told } = await client(['put', film, url, '--quiet', '--no-expect', ...flags])
  expect([code, out]).toEqual([3, flags.length === 0 ? '[1]' : ''])
  expect(told).toBe('client: the answer is not whole (aborted)\n')
})

test('a reader of the standard output that goes, as `head` does, is no error', async () => {
  const { url } = await scripted((request, response) => {
    request.resume().on('end', () => response.end(Buffer.alloc(3_000_000)))
  })
  const child = spawn(process.execPath, [command, 'put', film, url, '--no-expect'])
  let told = ''
  child.stderr.on('data', (bytes: Buffer) => {
    told += bytes.toString()
  })
  child.stdout.once('data', () => child.stdout.destroy())
  const ended = new Promise((resolve) => child.once('close', resolve))
  expect(await within('the command to end', ended, 30_000)).toBe(0)
  expect(told).toMatch(/→ 200/)
  expect(told).not.toMatch(/EPIPE/)
})
