// What the doctor's own origin does with an upload, and how it is asked for, as data.

import type { ScenarioName } from '../facts/facts.js'

/** How the origin answers. */
export interface Behaviour {
  /** Interim answers that it sends from the head on, before anything else. */
  readonly interim: readonly number[]
  /** Sends a 100 to a request that asks, before it reads. */
  readonly continues: boolean
  /** Reads so much of the content before it answers; `all` of it, or from the head. */
  readonly reads: number | 'all'
  readonly status: number
  /**
   * `linger`: says close, half-closes and reads on. `reset`: closes with content unread, so that TCP resets.
   * `keep`: says nothing, and waits for what was announced.
   */
  readonly leaves: 'linger' | 'reset' | 'keep'
}

export interface Scenario {
  readonly name: ScenarioName
  /** The client says `Expect: 100-continue`. */
  readonly asks: boolean
  readonly origin: Behaviour
}

const reads: Behaviour = { interim: [], continues: true, reads: 'all', status: 200, leaves: 'keep' }
const refuses: Behaviour = {
  interim: [],
  continues: false,
  reads: 0,
  status: 401,
  leaves: 'linger',
}

export const SCENARIOS: readonly Scenario[] = [
  { name: 'accepted', asks: true, origin: reads },
  { name: 'refused', asks: true, origin: refuses },
  { name: 'unasked', asks: false, origin: refuses },
  { name: 'early', asks: true, origin: { ...reads, interim: [103, 104, 102] } },
  { name: 'quiet', asks: true, origin: { ...reads, continues: false } },
  { name: 'twice', asks: true, origin: { ...reads, continues: false, interim: [100, 100] } },
  {
    name: 'midway',
    asks: true,
    origin: { ...reads, reads: 64 * 1024, status: 413, leaves: 'linger' },
  },
  { name: 'rude', asks: false, origin: { ...refuses, status: 413, leaves: 'reset' } },
  { name: 'kept', asks: true, origin: { ...refuses, leaves: 'keep' } },
]
