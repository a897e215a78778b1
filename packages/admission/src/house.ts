// What all uploads of one admission share.

import type { Line } from './line.js'
import type { Meter } from './meter.js'
import type { HoldTime } from './retry-after.js'
import type { Settings } from './settings.js'
import type { Pool } from './store.js'

export interface House {
  readonly settings: Settings
  readonly pool: Pool
  readonly meter: Meter
  readonly holdTime: HoldTime
  /** Uploads of unknown length that want to grow and find no room. */
  readonly growing: Line
  /** An upload is over. */
  readonly left: () => void
}
