// What the other packages of the family measure, by their own commands; each prints Markdown.

import { execFile } from 'node:child_process'
import { existsSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'

const ROOT = new URL('../../', import.meta.url)
const LONGEST_MS = 600_000

const COMMANDS = [
  {
    title: 'The gateway, beside http-proxy and HAProxy',
    page: 'gateway.md',
    script: 'benchmarks/gateway/run.mjs',
  },
  {
    title: 'The client: `upload()` beside fetch and node:http by hand',
    page: 'client.md',
    script: 'interop/client/speed.mjs',
  },
]

/** @returns The output of each that is there and can run here. */
export async function runFamily() {
  const records = []
  for (const { title, page, script } of COMMANDS) {
    const file = fileURLToPath(new URL(script, ROOT))
    if (!existsSync(file)) continue
    try {
      const options = { timeout: LONGEST_MS, killSignal: 'SIGKILL', maxBuffer: 2 ** 24 }
      const { stdout } = await promisify(execFile)(process.execPath, [file], options)
      records.push({ title, page, command: `node ${script}`, text: stdout.trim() })
    } catch (error) {
      console.error(`${script} left out: ${error.message.split('\n')[0]}`)
    }
  }
  return records
}
