// How a run begins, what it leaves out, and what the reports of it say.
import { execFile } from 'node:child_process'
import http2 from 'node:http2'
import net, { type AddressInfo } from 'node:net'
import path from 'node:path'
import { promisify } from 'node:util'
import { modelRoutes } from '../broken/roles.js'
import { startModel } from '../broken/server.js'
import { cases } from '../cases/index.js'
import { junitOf } from '../cli/junit.js'
import { verdictLine, verdictTable } from '../cli/table.js'
import { readAddress } from '../wire/address.js'
import { MOST_UNREAD } from '../wire/raw-client.js'
import { PreflightError } from './preflight-error.js'
import { run, runCases } from './run.js'

const codeOf = (running: Promise<unknown>): Promise<string> =>
  running.then(
    () => 'no error',
    (error: unknown) => (error instanceof PreflightError ? error.code : String(error)),
  )

interface Running {
  readonly url: string
  close(): Promise<void>
}

async function listening(connected: (socket: net.Socket) => void): Promise<Running> {
  const server = net.createServer((socket) => {
    socket.on('error', () => undefined)
    connected(socket)
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const address = server.address()
  const port = typeof address === 'object' && address !== null ? address.port : 0
  return {
    url: `http://127.0.0.1:${port}`,
    close: () => new Promise((resolve) => server.close(() => resolve())),
  }
}

const speaking = (bytes: string): Promise<Running> =>
  listening((socket) => void socket.resume().end(bytes))

/** Goes on with interim responses until the client leaves. */
const hinting = (): Promise<Running> =>
  listening((socket) => {
    const timer = setInterval(() => socket.write('HTTP/1.1 103 Early Hints\r\n\r\n'), 1)
    socket.resume().on('close', () => clearInterval(timer))
  })

test('no server, and something that is no HTTP, are told apart', async () => {
  const other = await speaking('220 mail ready\r\n')
  const gone = await speaking('')
  await gone.close()
  try {
    expect(await codeOf(run({ url: gone.url, routes: modelRoutes }))).toBe('NO_SERVER')
    expect(await codeOf(run({ url: other.url, routes: modelRoutes }))).toBe('NOT_HTTP')
  } finally {
    await other.close()
  }
})

test('a route that cannot play its role ends the run with a sentence', async () => {
  const model = await startModel()
  try {
    const routes = { ...modelRoutes, reads: { method: 'POST', target: '/refuses' } }
    await expect(run({ url: model.url, routes })).rejects.toThrow(
      'POST /refuses cannot play the role "reads": without Expect it answered 401, not 2xx',
    )
  } finally {
    await model.close()
  }
})

test('cases without their role are not run, and the reports say so', async () => {
  const model = await startModel()
  try {
    const { hello, reads } = modelRoutes
    if (hello === undefined || reads === undefined) throw new Error('the model has both')
    const report = await run({ url: model.url, routes: { hello, reads }, only: ['timing'] })
    const unrun = report.results.filter(({ verdict }) => verdict === 'not run')
    expect(unrun.length).toBeGreaterThan(0)
    expect(unrun.every(({ reason }) => /^no route plays /.test(reason ?? ''))).toBe(true)
    expect(verdictTable(report)).toContain('timing')
    expect(verdictLine(report, ['MUST'])).toMatch(/^\d+ passed, 0 failed \(0 count\), \d+ not run/)
    expect(junitOf(report)).toMatch(/<testsuite name="conformance.timing"[^>]*skipped="\d+"/)
  } finally {
    await model.close()
  }
})

test('law 11: interim responses without an end do not keep the run', async () => {
  const server = await hinting()
  try {
    await expect(run({ url: server.url, routes: modelRoutes })).rejects.toThrow(
      'more than 16 interim responses',
    )
    const [chosen] = cases.filter(
      ({ id, protocol }) => protocol !== 'h2' && id.startsWith('no-content/'),
    )
    const results = await runCases(chosen === undefined ? [] : [chosen], readAddress(server.url), {
      routes: modelRoutes,
    })
    expect(results).toMatchObject([{ verdict: 'fail' }])
    expect(results[0]?.reason).toContain('more than 16 interim responses')
  } finally {
    await server.close()
  }
})

test('law 11: an answer without an end is not kept', async () => {
  const piece = Buffer.alloc(MOST_UNREAD + 1024 * 1024, 'x')
  const server = await speaking(`HTTP/1.1 200 OK\r\n\r\n${piece}`)
  const http2Server = http2.createServer((_request, response) => response.end(piece))
  await new Promise<void>((resolve) => http2Server.listen(0, '127.0.0.1', resolve))
  const { port } = http2Server.address() as AddressInfo
  try {
    const { url } = server
    await expect(run({ url, routes: modelRoutes })).rejects.toThrow(/more than \d+ bytes came/)
    const overHttp2 = { url: `http://127.0.0.1:${port}`, http1: false, http2: true }
    const running = run({ ...overHttp2, routes: modelRoutes })
    await expect(running).rejects.toThrow(/more than \d+ bytes came/)
  } finally {
    await server.close()
    await new Promise((resolve) => http2Server.close(resolve))
  }
})

const command = path.resolve(__dirname, '../../dist/cli.js')

test.each([
  ['a word that names no case', ['--hello', 'GET /hello', '--only', 'zzz'], 'No case has zzz'],
  [
    'a role that is missing',
    ['--hello', 'GET /hello', '--only', 'timing/'],
    'Every case needs a route',
  ],
  [
    'a report that cannot be written',
    ['--hello', 'GET /hello', '--junit', '/none/x.xml'],
    'cannot be written',
  ],
])('exit code 2: %s', async (_what, words, sentence) => {
  const model = await startModel()
  try {
    const ended = promisify(execFile)(process.execPath, [command, model.url, ...words])
    await expect(ended).rejects.toMatchObject({
      code: 2,
      stderr: expect.stringContaining(sentence),
    })
  } finally {
    await model.close()
  }
})
