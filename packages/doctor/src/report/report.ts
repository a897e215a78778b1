// What a run answers with. Its shape is public, and described by the JSON schema beside it.

import type { After, Ending, Facts, Next, Spent } from '../facts/facts.js'
import type { Software } from '../facts/software.js'
import { endingOf } from '../facts-of-seen.js'
import type { Finding } from '../rules/judge.js'
import type { Seen } from '../wire/seen.js'
import type { Line } from '../wire/transcript.js'

/** One request, and what was seen of it. */
export interface ProbeReport {
  readonly name: string
  /** Its first line, without what the query was. */
  readonly request: string
  /** Status of the final answer; absent when there was none. */
  readonly status?: number
  readonly ending: Ending
  /** Statuses of the interim answers, in order. */
  readonly interim: readonly number[]
  /** It asked, and neither a 100 nor a final answer had come after a second. */
  readonly silent: boolean
  /** Content that had been sent when the final answer came. */
  readonly sentBytes: number
  readonly spent: Spent
  readonly connection: After
  /** What a `GET` on the kept connection came to. */
  readonly next?: Next
  /** Its status, when it was answered. */
  readonly nextStatus?: number
  readonly ms: number
  /** The bytes, without the values of `headers`, the query, and fields that are secrets more often than not. */
  readonly transcript: readonly Line[]
}

export interface Report {
  /** Of this shape. */
  readonly version: 1
  readonly mode: 'outside' | 'behind'
  /** What was asked for: method and address, without what its query was. */
  readonly target: string
  /** How many requests were made. */
  readonly requests: number
  readonly ms: number
  /** Who said so in answers. */
  readonly software: readonly Software[]
  /** Worst first. */
  readonly findings: readonly Finding[]
  readonly facts: Facts
  readonly probes: readonly ProbeReport[]
  /** True when there is neither a fault nor an advice. */
  readonly well: boolean
}

export function isWell(findings: readonly Finding[]): boolean {
  return findings.every(({ level }) => level === 'fact' || level === 'good')
}

export function probeReport(seen: Seen): ProbeReport {
  const {
    probe,
    request,
    final,
    interim,
    silent,
    sentBytes,
    spent,
    after,
    next,
    nextStatus,
    ms,
    transcript,
  } = seen
  return {
    name: probe,
    request,
    ...(final === undefined ? {} : { status: final.status }),
    ending: endingOf(seen),
    interim,
    silent,
    sentBytes,
    spent,
    connection: after,
    ...(next === undefined ? {} : { next }),
    ...(nextStatus === undefined ? {} : { nextStatus }),
    ms,
    transcript,
  }
}
