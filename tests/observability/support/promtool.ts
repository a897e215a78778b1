// Prometheus's own checker, where it is installed (Debian: prometheus).

import { spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { afterThisTest } from '../../support/cleanup.js'

export const hasPromtool = spawnSync('promtool', ['--version']).error === undefined

export interface Verdict {
  readonly code: number | null
  readonly output: string
}

export function promtool(args: readonly string[], input = ''): Verdict {
  const { status, stdout, stderr } = spawnSync('promtool', args, { input, encoding: 'utf8' })
  return { code: status, output: stdout + stderr }
}

/** A file that lives as long as the test. */
export function written(name: string, text: string): string {
  const folder = mkdtempSync(path.join(tmpdir(), 'expectation-promtool-'))
  afterThisTest(() => rmSync(folder, { recursive: true, force: true }))
  const file = path.join(folder, name)
  writeFileSync(file, text)
  return file
}
