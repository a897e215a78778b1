// Runs cases against one server: a bounded number at a time, each within its own limit.

import { randomBytes } from 'node:crypto'
import { type Case, isNamed, type Role } from '../cases/case.js'
import { cases } from '../cases/index.js'
import { type Address, readAddress } from '../wire/address.js'
import { CannotRun } from './judge.js'
import { performHttp1 } from './perform.js'
import { performHttp2 } from './perform-http2.js'
import { preflight, preflightHttp2 } from './preflight.js'
import { countByLevel, type Report, type Result, resultOf } from './report.js'
import type { Routes } from './routes.js'
import { createTemplate } from './template.js'

/** The most that one case may take, in milliseconds. */
const CASE_MS = 20_000

export interface RunOptions {
  readonly url: string
  readonly routes: Routes
  /** Only cases whose id, area or level contains one of these. */
  readonly only?: readonly string[]
  /** How many cases run at a time. @defaultValue 12: most of a case is waiting. */
  readonly concurrency?: number
  /** Also run the HTTP/2 cases: over TLS with ALPN, else with prior knowledge. */
  readonly http2?: boolean
  /** Leave out the HTTP/1.1 cases. */
  readonly http1?: boolean
  readonly onResult?: (result: Result) => void
}

/**
 * Runs the suite and tells what it saw; a server that fails does not make it throw.
 *
 * @throws PreflightError - there is no server, it does not speak HTTP, or a role is played wrongly.
 */
export async function run(options: RunOptions): Promise<Report> {
  const address = readAddress(options.url)
  const startedAt = new Date()
  if (options.http1 !== false) await preflight(address, options.routes)
  if (options.http2 === true) await preflightHttp2(address, options.routes)
  const chosen = cases.filter((each) => isChosen(each, options))
  const ordered = await runCases(chosen, address, options)
  return {
    url: options.url,
    startedAt: startedAt.toISOString(),
    ms: Date.now() - startedAt.getTime(),
    results: ordered,
    levels: countByLevel(ordered),
  }
}

/** The results in the order of the cases; no question is asked before. */
export async function runCases(
  chosen: readonly Case[],
  address: Address,
  { routes, concurrency = 12, onResult }: Pick<RunOptions, 'routes' | 'concurrency' | 'onResult'>,
): Promise<readonly Result[]> {
  const results = new Map<string, Result>()
  const queue = [...chosen]
  const worker = async (): Promise<void> => {
    for (let next = queue.shift(); next !== undefined; next = queue.shift()) {
      const result = await runCase(next, address, routes)
      results.set(next.id, result)
      onResult?.(result)
    }
  }
  const workers = Math.min(concurrency, chosen.length)
  await Promise.all(Array.from({ length: workers }, worker))
  return chosen.flatMap((each) => results.get(each.id) ?? [])
}

function isChosen(subject: Case, { only = [], http1 = true, http2 = false }: RunOptions): boolean {
  return (subject.protocol === 'h2' ? http2 : http1) && isNamed(subject, only)
}

/** One case, whatever happens: the result says it. */
async function runCase(subject: Case, address: Address, routes: Routes): Promise<Result> {
  const missing = missingRoles(subject, routes)
  if (missing.length > 0) {
    return resultOf(subject, 'not run', 0, `no route plays ${missing.join(', ')}`)
  }
  const id = `${subject.id.replaceAll(/\W+/g, '-')}-${randomBytes(4).toString('hex')}`
  const template = createTemplate(address, routes, id)
  const started = performance.now()
  try {
    const performed =
      subject.protocol === 'h2'
        ? performHttp2(address, template, subject)
        : performHttp1(address, template, subject)
    await bounded(performed)
    return resultOf(subject, 'pass', performance.now() - started)
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error)
    const verdict = error instanceof CannotRun ? 'not run' : 'fail'
    return resultOf(subject, verdict, performance.now() - started, reason)
  }
}

function missingRoles(subject: Case, routes: Routes): readonly Role[] {
  // Every case ends with the question whether the server still answers plain requests.
  return [...new Set<Role>(['hello', ...subject.needs])].filter(
    (role) => routes[role] === undefined,
  )
}

async function bounded(performed: Promise<void>): Promise<void> {
  let timer: NodeJS.Timeout | undefined
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error(`not finished after ${CASE_MS} ms`)), CASE_MS)
  })
  try {
    await Promise.race([performed, late])
  } finally {
    clearTimeout(timer)
  }
}
