// Are the checks quick enough for clients that wait one second for an answer (curl, Go, .NET,
// botocore), and then send everything anyway?

import { mayWarn, warnOnce } from './warn-once.js'

const CODE = 'EXPECTATION_WRN_SLOW_CHECKS'
const SAMPLES = 100
const FEWEST = 20
const PATIENCE_MS = 600

const durations: number[] = []

export function adviseOnDecision(durationMs: number): void {
  if (!mayWarn(CODE)) return
  durations.push(durationMs)
  if (durations.length > SAMPLES) durations.shift()
  if (durations.length < FEWEST) return
  const p95 = [...durations].sort((a, b) => a - b)[Math.ceil(durations.length * 0.95) - 1] ?? 0
  if (p95 < PATIENCE_MS) return
  warnOnce(
    CODE,
    `Of the last ${durations.length} asynchronous decisions one in twenty took ${Math.round(p95)} ms ` +
      'or more. Many clients wait one second and then send their content unasked.',
  )
}
