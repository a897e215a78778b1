// Every page of recipes and the packages' own READMEs are executed: their programs run, and their
// commands print what is shown.
import { readdirSync, readFileSync } from 'node:fs'
import path from 'node:path'
import { programsOf, runProgram } from './run-page.js'
import { objectStorage } from './support/object-storage.js'

const root = path.join(__dirname, '../..')
const recipes = readdirSync(path.join(root, 'docs/recipes'))
  .filter((name) => name.endsWith('.md'))
  .map((name) => `docs/recipes/${name}`)
// What stands alone on npm.
const readmes = ['core', 'express', 'fastify', 'koa'].map((name) => `packages/${name}/README.md`)

for (const page of [...recipes, ...readmes]) {
  const programs = programsOf(readFileSync(path.join(root, page), 'utf8'))
  if (programs.length === 0) continue
  describe(page, () => {
    for (const [index, program] of programs.entries()) {
      test(`program ${index + 1}, under '${program.heading}'`, async () =>
        runProgram(program, page.endsWith('/s3.md') ? await objectStorage() : {}))
    }
  })
}
