// The example runs by its one command: services fill the pool, one is killed, the others go on, and an end
// by Ctrl-C leaves nothing running.

import { spawn } from 'node:child_process'
import { once } from 'node:events'
import path from 'node:path'
import { afterThisTest } from '../support/cleanup.js'
import { describeWhen } from '../support/skip.js'
import { hasRedis, WITHOUT_REDIS } from './support/redis-server.js'
import { until } from './support/until.js'

const example = path.join(__dirname, '../../examples/admission')

describeWhen(hasRedis, WITHOUT_REDIS)('examples/admission', () => {
  test('one command: three services and Redis', async () => {
    const child = spawn(process.execPath, ['start.mjs', '60'], {
      cwd: example,
      stdio: ['ignore', 'pipe', 'pipe'],
    })
    const ended = once(child, 'close')
    afterThisTest(async () => {
      child.kill('SIGKILL')
      await ended
    })
    let shown = ''
    for (const stream of [child.stdout, child.stderr]) {
      stream.on('data', (chunk: Buffer) => {
        shown += chunk.toString('utf8')
      })
    }
    const shows = (pattern: RegExp) =>
      until(`it shows ${pattern}`, () => pattern.test(shown), 30_000)
    await shows(/process 2 +killed/)
    // The others go on.
    const before = shown.length
    await until('more is stored', () => /\b[1-9]\d* stored/.test(shown.slice(before)), 30_000)
    child.kill('SIGINT')
    const [status] = await ended
    expect(status).toBe(0)
    const held = [...shown.matchAll(/^slots .* (\d+) of 12$/gm)].map(([, slots]) => Number(slots))
    // How many at the most is for the chaos suite to say: leases of 3 seconds end on a busy machine.
    expect(Math.max(...held)).toBeGreaterThan(0)
  }, 90_000)
})
