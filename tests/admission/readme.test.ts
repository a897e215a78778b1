// The programs of the package's README run as they stand there, and their commands print what is shown.

import { readFileSync } from 'node:fs'
import path from 'node:path'
import { programsOf, runProgram } from '../docs/run-page.js'
import { freePort } from '../support/free-port.js'
import { testWhen } from '../support/skip.js'
import { hasRedis, RedisServer, WITHOUT_REDIS } from './support/redis-server.js'

const readme = path.join(__dirname, '../../packages/admission/README.md')
const [inMemory, withRedis] = programsOf(readFileSync(readme, 'utf8'))

function there<Program>(program: Program | undefined): Program {
  if (program === undefined) throw new Error('The README has fewer programs.')
  return program
}

test('counting in one process', () => runProgram(there(inMemory)))

testWhen(hasRedis, WITHOUT_REDIS)('counting in Redis', async () => {
  const port = await freePort()
  await RedisServer.start('--port', String(port), '--bind', '127.0.0.1')
  await runProgram(there(withRedis), { REDIS_URL: `redis://127.0.0.1:${port}` })
})
