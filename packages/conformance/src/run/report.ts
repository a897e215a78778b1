// What a run found out: results and the counts made of them. Plain data, ready for JSON.

import { AREAS, type Area, type Case, LEVELS, type Level } from '../cases/case.js'

export type Verdict = 'pass' | 'fail' | 'not run'

export interface Result {
  readonly id: string
  readonly area: Area
  readonly level: Level
  readonly title: string
  readonly cites: readonly string[]
  readonly verdict: Verdict
  /** What was seen instead, or which role is missing. */
  readonly reason?: string
  readonly ms: number
}

export interface Count {
  readonly passed: number
  readonly failed: number
  readonly notRun: number
}

export interface Report {
  readonly url: string
  readonly startedAt: string
  readonly ms: number
  readonly results: readonly Result[]
  readonly levels: Readonly<Record<Level, Count>>
}

export function resultOf(subject: Case, verdict: Verdict, ms: number, reason?: string): Result {
  const { id, area, level, title, cites } = subject
  const told = reason === undefined ? {} : { reason }
  return { id, area, level, title, cites, verdict, ms: Math.round(ms), ...told }
}

export function countOf(results: readonly Result[]): Count {
  const of = (verdict: Verdict): number =>
    results.filter((result) => result.verdict === verdict).length
  return { passed: of('pass'), failed: of('fail'), notRun: of('not run') }
}

export function countByLevel(results: readonly Result[]): Readonly<Record<Level, Count>> {
  const count = (level: Level): Count => countOf(results.filter((each) => each.level === level))
  return {
    MUST: count('MUST'),
    SHOULD: count('SHOULD'),
    hardening: count('hardening'),
    MAY: count('MAY'),
  }
}

/** Areas in their order, with the results of each; empty areas are left out. */
export function byArea(
  results: readonly Result[],
): readonly (readonly [Area, readonly Result[]])[] {
  return AREAS.map((area) => [area, results.filter((each) => each.area === area)] as const).filter(
    ([, found]) => found.length > 0,
  )
}

/** Failures that count: a MAY never does. */
export function failuresOf(
  results: readonly Result[],
  levels: readonly Level[] = LEVELS,
): readonly Result[] {
  return results.filter(
    (each) => each.verdict === 'fail' && each.level !== 'MAY' && levels.includes(each.level),
  )
}
