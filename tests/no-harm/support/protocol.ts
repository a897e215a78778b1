// What a test and the process under trial say to each other, over Node's own channel.
import type { Outcome } from '@expectation/express'
import type { Transport } from './scene.js'

export type Ask =
  | { readonly do: 'open'; readonly scene: string; readonly transport: Transport }
  | { readonly do: 'shut'; readonly site: number }
  | { readonly do: 'ping' }
  | { readonly do: 'memory' }
  | { readonly do: 'connections'; readonly site: number }
  | { readonly do: 'signal'; readonly site: number; readonly name: string }
  /** Lets the process end by itself once nothing is left to do. */
  | { readonly do: 'leave' }

export interface Asked {
  readonly id: number
  readonly ask: Ask
}

export interface Opened {
  readonly site: number
  readonly port: number
}

/** Bytes, after a collection: of the heap, and of buffers outside it. */
export interface Memory {
  readonly heap: number
  readonly buffers: number
}

export type Told =
  | { readonly id: number; readonly value: unknown }
  | { readonly id: number; readonly failure: string }
  | { readonly site: number; readonly note: string }
  | { readonly outcome: Outcome }
  | { readonly warning: string }
