// The upstream and the client of a large upload, both in Go, so that the relay between them is what limits.
import { execFile, execFileSync, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { stopChild } from '../children.mjs'

const SOURCE = fileURLToPath(new URL('../servers/ends/main.go', import.meta.url))
const UPLOAD_MS = 120_000
const run = promisify(execFile)

export async function startEnds() {
  const folder = mkdtempSync(path.join(tmpdir(), 'expectation-bench-'))
  const binary = path.join(folder, 'ends')
  execFileSync('go', ['build', '-o', binary, SOURCE], { stdio: 'inherit' })
  const child = spawn(binary, ['serve'], { stdio: ['ignore', 'pipe', 'inherit'] })
  const [line] = await once(child.stdout, 'data')
  return {
    child,
    port: Number(line),
    /** One upload: how long it took, and the processor time of the client, in milliseconds. */
    async send(port, bytes) {
      const args = ['send', String(port), String(bytes)]
      const { stdout } = await run(binary, args, { timeout: UPLOAD_MS })
      return JSON.parse(stdout)
    },
    stop: () => stopChild(child).then(() => rmSync(folder, { recursive: true, force: true })),
  }
}
