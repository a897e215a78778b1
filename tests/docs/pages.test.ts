// Every page of recipes is executed: its programs run, and its commands print what it shows.
import { readdirSync, readFileSync } from 'node:fs'
import path from 'node:path'
import { programsOf, runProgram } from './run-page.js'
import { objectStorage } from './support/object-storage.js'

const folder = path.join(__dirname, '../../docs/recipes')
const pages = readdirSync(folder).filter((name) => name.endsWith('.md'))

for (const page of pages) {
  const programs = programsOf(readFileSync(path.join(folder, page), 'utf8'))
  if (programs.length === 0) continue
  describe(`docs/recipes/${page}`, () => {
    for (const [index, program] of programs.entries()) {
      test(`program ${index + 1}, under '${program.heading}'`, async () =>
        runProgram(program, page === 's3.md' ? await objectStorage() : {}))
    }
  })
}
