// What the origin writes down about the requests that reach it.

import type { Behaviour } from './scenarios.js'

/** What has come of one request; grows while content comes. */
export interface Visit {
  /** The last segment of its path: a scenario, or `after`. */
  readonly path: string
  /** Connections are counted from one. */
  readonly connection: number
  readonly expect: boolean
  contentBytes: number
  /** Content that had come when the final answer was written. */
  answeredAtBytes: number | undefined
}

/** Where connections look up what to do, and write down what they have seen. */
export interface VisitBook {
  /** The segment of a path that marks the requests of this run. */
  readonly name: string
  /** By the last segment of a path. */
  readonly behaviours: ReadonlyMap<string, Behaviour>
  readonly visits: Visit[]
  /** What the request of that last segment has as content. */
  bytesOf(name: string): number
}
