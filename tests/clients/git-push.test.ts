// A refused `git push` ends at once, with the status in git's own words. git never asks first.
import { execFile, spawnSync } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { type ExpectationOptions, errorHandler, expectation } from '@expectation/express'
import express, { type Express } from 'express'
import { afterThisTest } from '../support/cleanup.js'
import { outcomes } from '../support/outcomes.js'
import { serve } from '../support/server.js'
import { testWhen } from '../support/skip.js'

const gitTest = testWhen(spawnSync('git', ['--version']).status === 0, 'git is not installed')
const PACK_BYTES = 5_000_000

/** As much of a git server as a push sees before its content: an empty repository. */
function repository(options: ExpectationOptions): Express {
  const nobody = '0'.repeat(40)
  const refs = packetLine(`${nobody} capabilities^{}\0report-status\n`)
  const app = express()
  app.use(expectation(options))
  app.get('/repo.git/info/refs', (_req, res) => {
    res.type('application/x-git-receive-pack-advertisement')
    res.send(`${packetLine('# service=git-receive-pack\n')}0000${refs}0000`)
  })
  app.post('/repo.git/git-receive-pack', async (req, res) => {
    for await (const _ of req);
    res.type('application/x-git-receive-pack-result').send('0000')
  })
  app.use(errorHandler())
  return app
}

const packetLine = (text: string): string => (text.length + 4).toString(16).padStart(4, '0') + text

async function push(options: ExpectationOptions, ...settings: readonly string[]): Promise<string> {
  const folder = mkdtempSync(path.join(tmpdir(), 'expectation-git-'))
  afterThisTest(() => rmSync(folder, { recursive: true, force: true }))
  writeFileSync(path.join(folder, 'film.mp4'), randomBytes(PACK_BYTES))
  const author = ['-c', 'user.name=A', '-c', 'user.email=a@example.org']
  const git = (...args: readonly string[]) => spawnSync('git', ['-C', folder, ...author, ...args])
  git('init', '-q', '-b', 'main')
  git('add', '.')
  git('commit', '-q', '-m', 'A film')
  const { url } = await serve(repository(options))
  const words = ['-C', folder, ...settings, 'push', `${url}/repo.git`, 'main']
  const env = { ...process.env, LC_ALL: 'C', GIT_TERMINAL_PROMPT: '0', no_proxy: '127.0.0.1' }
  return new Promise((resolve) => {
    execFile('git', words, { env, timeout: 15_000 }, (_error, _stdout, stderr) => resolve(stderr))
  })
}

gitTest('git push with a length: refused from its head', async () => {
  const seen = outcomes()
  const options = { maxContentLength: '1mb', onOutcome: seen.onOutcome }
  expect(await push(options, '-c', 'http.postBuffer=50m')).toContain('HTTP 413')
  const refused = await seen.first()
  expect(refused).toMatchObject({
    status: 413,
    expectation: 'none',
    decision: 'refuse',
    by: 'size',
  })
  expect(refused.receivedBytes).toBeLessThan(PACK_BYTES)
})

gitTest('git push without a length: refused at the first byte too many', async () => {
  const seen = outcomes()
  const options = { maxContentLength: '1mb', onOutcome: seen.onOutcome }
  expect(await push(options)).toContain('HTTP 413')
  // A small request comes first, with which git tries its credentials.
  const [, refused] = await seen.reach(2)
  expect(refused?.status).toBe(413)
  expect(refused?.receivedBytes).toBeLessThan(PACK_BYTES)
})

gitTest('git push where a length is asked for: refused from its head', async () => {
  expect(await push({ requireContentLength: true })).toContain('HTTP 411')
})
