// The programs of the package's README and of its page run as they stand there, and their commands print
// what is shown.

import { readFileSync } from 'node:fs'
import path from 'node:path'
import { programsOf, runProgram } from '../docs/run-page.js'
import { freePort } from '../support/free-port.js'
import { describeWhen } from '../support/skip.js'
import { hasRedis, RedisServer, WITHOUT_REDIS } from './support/redis-server.js'

const root = path.join(__dirname, '../..')
const pages = ['packages/admission/README.md', 'docs/admission.md'].map((page) => ({
  page,
  programs: programsOf(readFileSync(path.join(root, page), 'utf8')),
}))
const programs = pages.flatMap(({ page, programs }) =>
  programs.map((program, at) => ({ page, number: at + 1, program })),
)

test('each page has its programs', () => {
  expect(pages.map(({ programs }) => programs.length)).toEqual([2, 1])
})

const needsRedis = ({ program }: (typeof programs)[number]) => program.code.includes('REDIS_URL')

test.each(programs.filter((one) => !needsRedis(one)))('$page, program $number', ({ program }) =>
  runProgram(program),
)

describeWhen(hasRedis, WITHOUT_REDIS)('with Redis', () => {
  test.each(programs.filter(needsRedis))('$page, program $number', async ({ program }) => {
    const port = await freePort()
    await RedisServer.start('--port', String(port), '--bind', '127.0.0.1')
    await runProgram(program, { REDIS_URL: `redis://127.0.0.1:${port}` })
  })
})
