// Generated exchanges against a running server. A failure shrinks to the smallest plan that still
// fails, and tells the seed, so that it can be seen again and be kept as a case.

import { randomBytes } from 'node:crypto'
import fc from 'fast-check'
import { preflight } from '../run/preflight.js'
import type { Routes } from '../run/routes.js'
import { createTemplate } from '../run/template.js'
import { readAddress } from '../wire/address.js'
import { Connection } from './connection.js'
import { type Plan, planArbitrary } from './plan.js'

export interface GenerateOptions {
  readonly url: string
  readonly routes: Routes
  readonly exchanges: number
  readonly seed: number
  /** Connections at a time. @defaultValue 4 */
  readonly lanes?: number
}

export interface Found {
  readonly seed: number
  /** Where in the run of this seed, for `--path`-like repetition with fast-check. */
  readonly path: string
  readonly plan: Plan
  /** What was seen, with the bytes of both sides. */
  readonly reason: string
}

export interface Generated {
  readonly exchanges: number
  readonly seed: number
  readonly found?: Found
  readonly message: string
}

/** @throws PreflightError - as `run` does. */
export async function generate(options: GenerateOptions): Promise<Generated> {
  const { exchanges, seed, lanes = 4 } = options
  const address = readAddress(options.url)
  await preflight(address, options.routes)
  const each = Math.max(1, Math.ceil(exchanges / lanes))
  const property = fc.asyncProperty(planArbitrary(options.routes), async (plan) => {
    const id = `g-${randomBytes(6).toString('hex')}`
    await Connection.perform(address, createTemplate(address, options.routes, id), plan)
  })
  const seeds = Array.from({ length: lanes }, (_, lane) => seed + lane)
  const runs = await Promise.all(
    seeds.map((own) => fc.check(property, { seed: own, numRuns: each, endOnFailure: false })),
  )
  // The crowd before it must not have hurt the server (and a crash would show here).
  await preflight(address, options.routes)
  const failed = runs.find((run) => run.failed)
  const total = runs.reduce((sum, run) => sum + run.numRuns, 0)
  if (failed === undefined) {
    return { exchanges: total, seed, message: `${total} connections, nothing found (seed ${seed})` }
  }
  const found: Found = {
    seed: failed.seed,
    path: failed.counterexamplePath ?? '',
    plan: (failed.counterexample ?? [])[0] ?? {
      requests: [],
      pipelined: false,
      abort: 'none',
      stubborn: false,
    },
    reason:
      failed.errorInstance instanceof Error
        ? failed.errorInstance.message
        : String(failed.errorInstance),
  }
  const plan = JSON.stringify(found.plan)
  const message = `found after ${total} connections, seed ${found.seed}, path ${found.path}\n${plan}\n${found.reason}`
  return { exchanges: total, seed, found, message }
}
