import { mkdirSync, mkdtempSync, rmSync } from 'node:fs'
import path from 'node:path'
import { afterThisTest } from '../support/cleanup.js'

/** For programs of pages. Below `tests`, so that their imports are found where those of the tests are. */
export function programFolder(): string {
  const parent = path.join(__dirname, '../node_modules/.pages')
  mkdirSync(parent, { recursive: true })
  const folder = mkdtempSync(path.join(parent, 'page-'))
  afterThisTest(() => rmSync(folder, { recursive: true, force: true }))
  return folder
}
