// The command lines that `npm start` shows do what their titles say, with the curl of this machine, and a
// refusal that curl waits for costs nothing.

import { execFile, spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { promisify } from 'node:util'
import { createFeed, curlLines, makeFiles, openStorage } from '@expectation/example-uploads-kit'
import { createApp } from '../../examples/express-uploads/src/server.js'
import { afterThisTest } from '../support/cleanup.js'
import { serve } from '../support/server.js'
import { testWhen } from '../support/skip.js'

const run = promisify(execFile)
const hasCurl = spawnSync('curl', ['--version']).error === undefined

testWhen(hasCurl, 'curl is not installed')('each line gives its status', async () => {
  const folder = mkdtempSync(path.join(tmpdir(), 'expectation-curl-'))
  afterThisTest(() => rmSync(folder, { recursive: true, force: true }))
  const feed = createFeed()
  afterThisTest(() => feed.close())
  const storage = await openStorage(path.join(folder, 'stored'))
  const log = (): void => undefined
  const app = createApp({ storage, feed, token: 'right', log, logFailure: log })
  const { url } = await serve(app)
  const shell = async (command: string): Promise<string> =>
    (await run('sh', ['-c', command], { cwd: folder, timeout: 15_000 })).stdout
  await shell(makeFiles)
  for (const { title, status, command } of curlLines(url, 'right')) {
    const last = (await shell(command)).trimEnd().split('\n').at(-1)
    const sent = status === 201 ? '20000000' : status === 417 ? '\\d+' : '0'
    expect([title, last]).toEqual([
      title,
      expect.stringMatching(new RegExp(`^${status}, ${sent} bytes sent$`)),
    ])
    expect(command.length).toBeLessThanOrEqual(125)
  }
})
