// Inputs that once showed a fault, played again on every server with the library in force and on every line of
// Node, in processes of their own from the build. What is wrong with one is told by its name, as the runs told it.
import { spawnSync } from 'node:child_process'
import { readdirSync } from 'node:fs'
import path from 'node:path'
import { otherLines } from '../support/node-lines.js'
import { describeWhen } from '../support/skip.js'

const folder = path.resolve(__dirname, '../../interop/no-harm')
const inputs = readdirSync(path.join(folder, 'corpus')).filter((name) => name.endsWith('.json'))

interface Played {
  readonly file: string
  readonly integration: string
  readonly found: readonly string[]
}

function playWith(node: string): void {
  let played: readonly Played[] = []

  beforeAll(() => {
    const { stdout, stderr } = spawnSync(node, [path.join(folder, 'replay.mjs')], {
      encoding: 'utf8',
      timeout: 110_000,
    })
    const lines = stdout.split('\n').filter((line) => line !== '')
    if (lines.length === 0) throw new Error(`Nothing was played: ${stderr}`)
    played = lines.map((line): Played => JSON.parse(line))
  }, 120_000)

  test.each(inputs)('law 0: %s is found on no server', (input) => {
    const own = played.filter(({ file }) => file === input)
    expect(own.map(({ integration }) => integration)).not.toEqual([])
    expect(own.filter(({ found }) => found.length > 0)).toEqual([])
  })
}

describe('the running Node', () => playWith(process.execPath))

for (const { line, node, available, missing } of otherLines) {
  describeWhen(available, missing)(`Node ${line}`, () => playWith(node))
}
