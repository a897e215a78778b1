// Each TypeScript program of the pages compiles as it stands there, in a strict project.

import { spawnSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { afterThisTest } from '../support/cleanup.js'
import { codeBlocks } from './markdown.js'

const root = path.join(__dirname, '../..')
const inFolder = (folder: string): readonly string[] =>
  readdirSync(path.join(root, folder))
    .filter((name) => name.endsWith('.md'))
    .map((name) => path.join(folder, name))
const packages = readdirSync(path.join(root, 'packages')).map(
  (name) => `packages/${name}/README.md`,
)
const pages = ['README.md', ...inFolder('docs'), ...inFolder('docs/recipes'), ...packages]

/** Polka has no types of its own; pino is not installed for the tests. */
const UNTYPED = "declare module 'polka'\ndeclare module 'pino'\n"

const strict = {
  target: 'es2023',
  lib: ['es2023'],
  module: 'esnext',
  moduleResolution: 'bundler',
  strict: true,
  isolatedModules: true,
  experimentalDecorators: true,
  emitDecoratorMetadata: true,
  skipLibCheck: true,
  noEmit: true,
  types: ['node'],
}

test('every program of every page compiles', () => {
  const folder = programFolder()
  let programs = 0
  for (const page of pages) {
    codeBlocks(readFileSync(path.join(root, page), 'utf8')).forEach(({ language, code }, index) => {
      if (language !== 'ts') return
      programs += 1
      // A module, also where it exports nothing.
      const file = `${page.replaceAll(/\W+/g, '-')}-${index + 1}.mts`
      writeFileSync(path.join(folder, file), `${code}\nexport {}\n`)
    })
  }
  expect(programs).toBeGreaterThan(60)
  writeFileSync(path.join(folder, 'untyped.d.ts'), UNTYPED)
  writeFileSync(path.join(folder, 'tsconfig.json'), JSON.stringify({ compilerOptions: strict }))
  const tsc = path.join(root, 'node_modules/typescript/bin/tsc')
  const { stdout, status } = spawnSync(process.execPath, [tsc, '-p', folder], { encoding: 'utf8' })
  expect(stdout).toBe('')
  expect(status).toBe(0)
}, 120_000)

/** Below `tests`, so that imports are found where those of the tests are. */
function programFolder(): string {
  const parent = path.join(__dirname, '../node_modules/.pages')
  mkdirSync(parent, { recursive: true })
  const folder = mkdtempSync(path.join(parent, 'types-'))
  afterThisTest(() => rmSync(folder, { recursive: true, force: true }))
  return folder
}
