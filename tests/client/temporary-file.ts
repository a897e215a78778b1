// A file that is gone after the test.
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { afterThisTest } from '../support/cleanup.js'

/** @returns Its path. */
export function temporaryFile(content: string | Uint8Array): string {
  const folder = mkdtempSync(path.join(tmpdir(), 'expectation-client-'))
  afterThisTest(() => rmSync(folder, { recursive: true, force: true }))
  const name = path.join(folder, 'film.mp4')
  writeFileSync(name, content)
  return name
}
