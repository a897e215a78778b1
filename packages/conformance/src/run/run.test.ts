// How a run begins, what it leaves out, and what the reports of it say.
import net from 'node:net'
import { modelRoutes } from '../broken/roles.js'
import { startModel } from '../broken/server.js'
import { junitOf } from '../cli/junit.js'
import { verdictLine, verdictTable } from '../cli/table.js'
import { PreflightError } from './preflight.js'
import { run } from './run.js'

const codeOf = (running: Promise<unknown>): Promise<string> =>
  running.then(
    () => 'no error',
    (error: unknown) => (error instanceof PreflightError ? error.code : String(error)),
  )

async function speaking(bytes: string): Promise<{ url: string; close(): Promise<void> }> {
  const server = net.createServer((socket) => {
    socket.on('error', () => undefined)
    socket.resume().end(bytes)
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const address = server.address()
  const port = typeof address === 'object' && address !== null ? address.port : 0
  return {
    url: `http://127.0.0.1:${port}`,
    close: () => new Promise((resolve) => server.close(() => resolve())),
  }
}

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
