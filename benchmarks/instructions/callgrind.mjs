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
import { SERVERS } from '../servers/catalogue.mjs'
import { mapOf } from './functions.mjs'

const SCRIPT = fileURLToPath(new URL('../servers/run.mjs', import.meta.url))

export class CountedServer {
  #folder
  #written = 0

  /**
   * @param named - Compiled functions of JavaScript can be told by name; V8 writes down where they are.
   * @param flags - Of Node.
   */
  static async start(name, { named = false, flags = [] } = {}) {
    if (SERVERS[name] === undefined) {
      const known = Object.keys(SERVERS).join(', ')
      throw new RangeError(`There is no server "${name}". Name one of ${known}.`)
    }
    const folder = mkdtempSync(path.join(tmpdir(), 'instructions-'))
    const options = [
      '--tool=callgrind',
      '--instr-atstart=no',
      // V8 writes code while it runs.
      '--smc-check=all-non-file',
      `--callgrind-out-file=${path.join(folder, 'counted')}`,
    ]
    // One thread: the compiler's and the collector's work belongs to the requests that cause it.
    const node = [process.execPath, '--single-threaded', ...flags]
    if (named) node.push('--perf-basic-prof')
    node.push(SCRIPT, name)
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
    return { instructions: Number(instructions), file: written, pid: this.server.child.pid }
  }

  async stop() {
    await stopChild(this.server.child)
    rmSync(mapOf(this.server.child.pid), { force: true })
    rmSync(this.#folder, { recursive: true, force: true })
  }

  #control(...args) {
    execFileSync('callgrind_control', [...args, String(this.server.child.pid)], { stdio: 'ignore' })
  }
}

export function valgrindIsHere() {
  try {
    execFileSync('valgrind', ['--version'], { stdio: 'ignore' })
    return true
  } catch {
    return false
  }
}
