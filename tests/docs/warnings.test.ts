// Every warning has a section in docs/warnings.md, and every section a warning.
import { readFileSync } from 'node:fs'
import { join } from 'node:path'

const root = join(__dirname, '../..')
const source = readFileSync(
  join(root, 'packages/core/src/node/observe/advice/warn-once.ts'),
  'utf8',
)
const page = readFileSync(join(root, 'docs/warnings.md'), 'utf8')

const codes = [...source.matchAll(/\| '(EXPECTATION_WRN_\w+)'/g)].map((match) => match[1])
const sections = [...page.matchAll(/^## (EXPECTATION_WRN_\w+)$/gm)].map((match) => match[1])

test('docs/warnings.md has one section for each warning code', () => {
  expect(codes.length).toBeGreaterThan(0)
  expect([...sections].sort()).toEqual([...codes].sort())
})
