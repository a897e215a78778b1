// A process under trial, seen from the test: started once for each integration, library or not, and
// line of Node, kept for all inputs of a file, and started anew when an input has ended it.
import { type ChildProcess, spawn } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import type { Outcome } from '@expectation/express'
import { build } from 'esbuild'
import type { Ask, Told } from './protocol.js'
import type { Wiring } from './wirings.js'

const folder = mkdtempSync(path.join(tmpdir(), 'expectation-no-harm-'))
let program: Promise<string> | undefined

async function bundle(): Promise<string> {
  const outfile = path.join(folder, 'child.cjs')
  await build({
    entryPoints: [path.resolve(__dirname, 'child-main.ts')],
    tsconfig: path.resolve(__dirname, '../../tsconfig.json'),
    bundle: true,
    platform: 'node',
    target: 'node20',
    sourcemap: true,
    logLevel: 'error',
    outfile,
  })
  return outfile
}

export class House {
  readonly outcomes: Outcome[] = []
  readonly warnings: string[] = []
  readonly notes = new Map<number, string[]>()
  readonly #child: ChildProcess
  readonly #waiting = new Map<number, (told: Told) => void>()
  readonly #wakers = new Set<() => void>()
  #asked = 0
  #output = ''
  /** How the process ended, with the last it said. */
  ended: { readonly code: number | null; readonly output: string } | undefined
  readonly gone: Promise<void>

  constructor(node: string, file: string, wiring: Wiring) {
    const flags = ['--expose-gc', '--enable-source-maps']
    const library = wiring.plain ? 'plain' : 'library'
    this.#child = spawn(node, [...flags, file, wiring.integration, library], {
      stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
      env: { ...process.env, NODE_ENV: 'production' },
    })
    for (const stream of [this.#child.stdout, this.#child.stderr]) {
      stream?.on('data', (bytes: Buffer) => {
        this.#output = (this.#output + bytes.toString('utf8')).slice(-6000)
      })
    }
    this.#child.on('message', (told: Told) => this.#hear(told))
    this.#child.on('error', () => undefined)
    this.gone = new Promise((resolve) => {
      this.#child.once('close', (code) => {
        this.ended = { code, output: this.#output }
        for (const [id, settle] of this.#waiting) settle({ id, failure: this.death() })
        this.#wake()
        resolve()
      })
    })
  }

  death(): string {
    return `the process ended with ${this.ended?.code}:\n${this.ended?.output}`
  }

  async ask(ask: Ask): Promise<unknown> {
    if (this.ended !== undefined) throw new Error(this.death())
    this.#asked += 1
    const id = this.#asked
    const told = new Promise<Told>((resolve) => this.#waiting.set(id, resolve))
    this.#child.send({ id, ask }, () => undefined)
    const answer = await told
    if ('failure' in answer) throw new Error(answer.failure)
    return 'value' in answer ? answer.value : undefined
  }

  /** Looks again with everything that the process tells, until it is so. */
  async until<Value>(what: string, look: () => Value | undefined, ms: number): Promise<Value> {
    return new Promise((resolve, reject) => {
      const check = (): void => {
        const found = look()
        if (found !== undefined) settle(() => resolve(found))
        else if (this.ended !== undefined) settle(() => reject(new Error(this.death())))
      }
      const settle = (act: () => void): void => {
        clearTimeout(timer)
        this.#wakers.delete(check)
        act()
      }
      const timer = setTimeout(() => {
        settle(() => reject(new Error(`waited ${ms} ms for ${what}; ${this.said()}`)))
      }, ms)
      this.#wakers.add(check)
      check()
    })
  }

  said(): string {
    return JSON.stringify({ notes: [...this.notes], outcomes: this.outcomes.slice(-3) })
  }

  async end(): Promise<void> {
    this.#child.kill('SIGKILL')
    await this.gone
  }

  #hear(told: Told): void {
    if ('id' in told) {
      this.#waiting.get(told.id)?.(told)
      this.#waiting.delete(told.id)
    } else if ('outcome' in told) this.outcomes.push(told.outcome)
    else if ('warning' in told) this.warnings.push(told.warning)
    else this.notes.set(told.site, [...(this.notes.get(told.site) ?? []), told.note])
    this.#wake()
  }

  #wake(): void {
    for (const wake of this.#wakers) wake()
  }
}

/** A process that nobody else uses: for the first request of a process, and for its end. */
export async function newHouse(wiring: Wiring): Promise<House> {
  program ??= bundle()
  const house = new House(wiring.node, await program, wiring)
  all.add(house)
  return house
}

const all = new Set<House>()
const kept = new Map<string, Promise<House>>()

export async function houseOf(wiring: Wiring): Promise<House> {
  const key = `${wiring.name} ${wiring.line}`
  const known = await kept.get(key)
  if (known !== undefined && known.ended === undefined) return known
  const made = newHouse(wiring)
  kept.set(key, made)
  return made
}

afterAll(async () => {
  await Promise.all([...all].map((house) => house.end()))
  rmSync(folder, { recursive: true, force: true })
})
