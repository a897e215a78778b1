// A server under valgrind's callgrind: counting is switched on and off from outside, and what was counted
// since the last time is written to a file. Instructions outside the kernel do not change with what else
// the machine does; times do.

import { execFileSync, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { fileURLToPath } from 'node:url'
import { adopt, ServerChild, stopChild } from '../children.mjs'

const SCRIPT = fileURLToPath(new URL('../servers/run.mjs', import.meta.url))

export class CountedServer {
  #folder
  #written = 0

  static async start(name) {
    const folder = mkdtempSync(path.join(tmpdir(), 'instructions-'))
    const options = [
      '--tool=callgrind',
      '--instr-atstart=no',
      // V8 writes code while it runs.
      '--smc-check=all-non-file',
      `--callgrind-out-file=${path.join(folder, 'counted')}`,
    ]
    // One thread: the compiler's and the collector's work belongs to the requests that cause it.
    const node = [process.execPath, '--single-threaded', SCRIPT, name]
    const child = adopt(
      spawn('valgrind', [...options, ...node], {
        stdio: ['ignore', 'ignore', 'ignore', 'ipc'],
        env: { ...process.env, NODE_ENV: 'production' },
      }),
    )
    const server = new ServerChild(name, child)
    const [{ answer }] = await once(child, 'message')
    return new CountedServer(server, folder, answer)
  }

  constructor(server, folder, port) {
    this.server = server
    this.#folder = folder
    this.port = port
  }

  count() {
    this.#control('-i', 'on')
  }

  /** Instructions since the last call, or since counting began; and the file that has them by function. */
  take() {
    this.#control('-d')
    this.#written += 1
    const [file] = readdirSync(this.#folder).filter((each) => each.endsWith(`.${this.#written}`))
    const written = path.join(this.#folder, file)
    const text = readFileSync(written, 'latin1')
    const [, instructions] = /^(?:totals|summary): (\d+)/m.exec(text)
    return { instructions: Number(instructions), file: written }
  }

  async stop() {
    await stopChild(this.server.child)
    rmSync(this.#folder, { recursive: true, force: true })
  }

  #control(...args) {
    execFileSync('callgrind_control', [...args, String(this.server.child.pid)], { stdio: 'ignore' })
  }
}

/** What each function spent itself, the most first. */
export function functionsIn(file) {
  const listed = execFileSync('callgrind_annotate', ['--threshold=100', file], {
    encoding: 'utf8',
    maxBuffer: 1024 ** 3,
  })
  return [...listed.matchAll(/^ *([\d,]+) \([ \d.]+%\) {2}(\S+:.*)$/gm)].map(
    ([, count, where]) => ({
      instructions: Number(count.replaceAll(',', '')),
      where: where.replace(/^\?\?\?:/, '').replace(/ \[.*\]$/, ''),
    }),
  )
}

export function valgrindIsHere() {
  try {
    execFileSync('valgrind', ['--version'], { stdio: 'ignore' })
    return true
  } catch {
    return false
  }
}
