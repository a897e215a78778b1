// What was seen of one request, from its first byte to the end of its connection: facts only.

import type { FieldLine } from '@expectation/conformance'
import type { After, Next, ProbeName, Spent } from '../facts/facts.js'
import type { Line } from './transcript.js'

export interface Final {
  readonly status: number
  readonly fields: readonly FieldLine[]
  /** As much as a page of an error has. */
  readonly body: string
}

export interface Seen {
  readonly probe: ProbeName
  /** Its first line: `PUT /files HTTP/1.1`. */
  readonly request: string
  /** Why no connection came about; absent when there was one. */
  readonly unconnected?: string
  /** Statuses of the interim answers, in order. */
  readonly interim: readonly number[]
  /** It asked, and neither a 100 nor a final answer had come when the verdict was due. */
  readonly silent: boolean
  readonly final: Final | undefined
  /** A final answer has begun and not come to its end. */
  readonly unfinished: boolean
  /** Why what came could not be read. */
  readonly malformed: string | undefined
  /** What the connection broke off with, when it did. */
  readonly failure: NodeJS.ErrnoException | undefined
  readonly sentBytes: number
  readonly spent: Spent
  readonly after: After
  /** Absent when the connection was not kept, or not asked again. */
  readonly next: Next | undefined
  readonly nextStatus: number | undefined
  readonly ms: number
  readonly transcript: readonly Line[]
}

/** What was announced and not sent before the final answer decides between `part` and `whole`. */
export function spentOf(sentBytes: number, contentBytes: number, pieceBytes: number): Spent {
  if (sentBytes === 0) return 'nothing'
  if (sentBytes >= contentBytes) return 'whole'
  return sentBytes <= pieceBytes ? 'start' : 'part'
}
