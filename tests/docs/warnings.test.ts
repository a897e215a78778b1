// Every warning that a package emits has a section in docs/warnings.md, and every section a warning.
import { readdirSync, readFileSync } from 'node:fs'
import path from 'node:path'

const root = path.join(__dirname, '../..')
const page = readFileSync(path.join(root, 'docs/warnings.md'), 'utf8')

function codesIn(directory: string): readonly string[] {
  const entries = readdirSync(directory, { recursive: true, encoding: 'utf8' })
  return entries
    .filter((name) => name.endsWith('.ts') && !name.endsWith('.test.ts'))
    .flatMap((name) =>
      [...readFileSync(path.join(directory, name), 'utf8').matchAll(/\bEXPECTATION_WRN_\w+/g)].map(
        ([code]) => code,
      ),
    )
}

test('docs/warnings.md has one section for each warning code of the packages', () => {
  const packages = readdirSync(path.join(root, 'packages'))
  const codes = new Set(
    packages.flatMap((name) => codesIn(path.join(root, 'packages', name, 'src'))),
  )
  const sections = [...page.matchAll(/^## (EXPECTATION_WRN_\w+)$/gm)].map(([, code]) => code)
  // Of core, admission, client and doctor.
  expect(codes.size).toBeGreaterThan(12)
  expect(sections.sort()).toEqual([...codes].sort())
})
