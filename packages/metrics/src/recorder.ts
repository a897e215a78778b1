// What a metrics system is told. Each system is one Recorder; where the facts come from and which
// labels they get is the same for all of them.

import type { AdmissionEvent, LingerEnd, Outcome, RelayOutcome } from '@expectation/core'
import type { AdmissionLabels } from './admission-facts.js'
import type { OTHER } from './labels/bounded.js'
import type { ExchangeLabels } from './labels/exchange-labels.js'

export interface Recorder {
  /** An exchange has settled. */
  exchange(labels: ExchangeLabels, outcome: Outcome): void
  /** So many decisions more, or less, wait for an asynchronous check. */
  pending(change: number): void
  /** So many connections more, or less, linger. */
  lingering(change: number): void
  /** A connection lingers no longer; `bytes` of content were read and dropped. */
  lingered(end: LingerEnd, bytes: number): void
  /** A request came behind a refusal on the same connection, and was not dispatched. */
  requestAfterRefusal(): void
  /** An error below the framework was answered. */
  clientError(status: number | typeof OTHER, code: string): void
  /** A gateway has relayed a request, or tried to. `upstreamOf` gives the label of an origin. */
  relay(outcome: RelayOutcome, upstreamOf: (origin: string) => string): void
  /** Something has happened to a pool of uploads. */
  admission(event: AdmissionEvent, labels: AdmissionLabels): void
  /** Nothing more is told: what goes up and down has to be back at zero, for who listens anew. */
  stopped(): void
}

/** What `prometheus` and `openTelemetry` give back. */
export interface Stoppable {
  /** Stops listening to the channels; calling it again does nothing. */
  stop(): void
}

/**
 * Bounds of histograms of waiting, in seconds. They show what clients wait for the answer to an
 * expectation: 0.8 is the deadline of checks, 1 the patience of curl, Go, .NET and botocore, 6 that of
 * the AWS SDK for JavaScript.
 */
export const WAIT_BOUNDS_SECONDS = [
  0.001, 0.005, 0.01, 0.05, 0.1, 0.25, 0.5, 0.8, 1, 2, 4, 6, 10,
] as const
