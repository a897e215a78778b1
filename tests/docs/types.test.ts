// Each TypeScript program of the pages compiles as it stands there, in a strict project.

import { spawnSync } from 'node:child_process'
import { readFileSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { pages, root } from './every-page.js'
import { codeBlocks } from './markdown.js'
import { programFolder } from './program-folder.js'

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
