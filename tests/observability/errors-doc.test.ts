// docs/errors.md is made from the catalogue: a change of one without the other is seen here.

import { spawnSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import path from 'node:path'
import { catalogue } from '@expectation/core'
import { written } from './support/promtool.js'

const root = path.join(__dirname, '../..')
const page = readFileSync(path.join(root, 'docs/errors.md'), 'utf8')

function check(file?: string): { readonly code: number | null; readonly output: string } {
  const script = path.join(root, 'scripts/make-errors-doc.mjs')
  const args = [script, '--check', ...(file === undefined ? [] : [file])]
  const { status, stdout, stderr } = spawnSync(process.execPath, args, { encoding: 'utf8' })
  return { code: status, output: stdout + stderr }
}

test('the page is what the catalogue makes of it', () => {
  expect(check()).toEqual({ code: 0, output: '' })
})

test('a page that says something else is stale', () => {
  const stale = check(written('errors.md', page.replace('Send Content-Length.', 'Try again.')))
  expect(stale.code).toBe(1)
  expect(stale.output).toContain('node scripts/make-errors-doc.mjs')
})

test('every reason has one section, under the anchor that problem types end in', () => {
  const headings = [...page.matchAll(/^## (.+)$/gm)].map(([, heading]) => heading)
  expect(headings).toEqual(catalogue.map(({ reason }) => reason))
})
