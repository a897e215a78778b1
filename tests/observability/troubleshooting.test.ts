// docs/troubleshooting.md is tried: each of its commands runs as it stands there, against a healthy
// application, and says what the page shows.

import { execFile, spawnSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import path from 'node:path'
import { promisify } from 'node:util'
import { codeBlocks } from '../docs/markdown.js'
import { counted, serve } from '../support/server.js'
import { describeWhen } from '../support/skip.js'
import { contentOf, uploads } from '../support/uploads.js'
import { written } from './support/promtool.js'

const page = readFileSync(path.join(__dirname, '../../docs/troubleshooting.md'), 'utf8')
const blocks = codeBlocks(page)
const commands = blocks.flatMap(({ heading, language, code }, index) =>
  language === 'sh' ? [{ heading, code, shown: blocks[index + 1] }] : [],
)

const hasCurl = spawnSync('curl', ['--version']).error === undefined

async function shell(code: string, variables: Readonly<Record<string, string>>): Promise<string> {
  const plain = Object.entries(process.env).filter(([name]) => !/_proxy$/i.test(name))
  const env = { ...Object.fromEntries(plain), ...variables }
  const { stdout } = await promisify(execFile)('sh', ['-c', code], { env, timeout: 15_000 })
  return stdout.replaceAll('\r', '').trim()
}

test('every place has a command', () => {
  expect([...new Set(commands.map(({ heading }) => heading))]).toEqual([
    '1. The request',
    '2. The application',
    '3. The gateway',
    '4. A proxy or a WAF on the way',
    '5. A cached answer',
  ])
})

describeWhen(hasCurl, 'curl is not installed')('with curl', () => {
  test.each(commands)('$heading: $code', async ({ code, shown }) => {
    const save = counted(async (req: AsyncIterable<Buffer>, res: { end(): void }) => {
      await contentOf(req)
      res.end()
    })
    const { url } = await serve(uploads({}, save).app)
    const address = `${url}/files/film`
    const file = written('film.bin', 'x'.repeat(2_000_000))
    expect(shown?.language).toBe('text')
    expect(await shell(code, { URL: address, DIRECT: address, FILE: file })).toBe(shown?.code)
  })
})
