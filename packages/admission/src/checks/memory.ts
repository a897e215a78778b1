// Refuses uploads while memory is short. A budget, not a speed: a threshold with room above it does.

import { readFileSync } from 'node:fs'
import os from 'node:os'
import {
  type Check,
  OptionError,
  parseFraming,
  readSize,
  rejectUnknownNames,
} from '@expectation/core'
import { busy } from '../refusals.js'

export interface MemoryOptions {
  /**
   * Where uploads are refused: a part of the limit, above 0, up to 1, or a size such as `'800mb'`.
   * Default: `0.9`.
   */
  readonly max?: number | string | undefined
}

/** Looked at again after so long: uploads come in bursts, memory does not. */
const SAMPLE_MS = 100
const CGROUP = '/sys/fs/cgroup'

/**
 * Refuses with 503 `uploads_at_capacity` while more memory is in use than `max`. The limit is that of
 * the control group (version 2) and the use its working set, without what the kernel could drop;
 * elsewhere the memory of the machine and the resident set of this process.
 *
 * @throws `OptionError` for wrong options.
 */
export function memory(options: MemoryOptions = {}): Check {
  rejectUnknownNames('memory', options, ['max'])
  const { max: given = 0.9 } = options
  const max = mostBytes(given)
  let sampledAt = Number.NEGATIVE_INFINITY
  let short = false

  return function memory(head) {
    if (parseFraming(head).kind === 'none') return undefined
    const now = performance.now()
    if (now - sampledAt > SAMPLE_MS) {
      sampledAt = now
      short = used() > max
    }
    return short ? busy() : undefined
  }
}

function mostBytes(max: number | string): number {
  if (typeof max === 'number' && max > 0 && max <= 1) return max * limit()
  const size = typeof max === 'string' ? readSize('memory.max', max, 1) : undefined
  if (size !== undefined) return size
  throw new OptionError({
    option: 'memory.max',
    received: max,
    remedy: 'Give a part above 0, up to 1, such as 0.9, or a size such as "800mb".',
  })
}

function limit(): number {
  const constrained = process.constrainedMemory()
  return constrained > 0 && constrained < os.totalmem() ? constrained : os.totalmem()
}

function used(): number {
  try {
    const current = Number(readFileSync(`${CGROUP}/memory.current`, 'utf8'))
    const inactive = /^inactive_file (\d+)$/m.exec(readFileSync(`${CGROUP}/memory.stat`, 'utf8'))
    if (Number.isFinite(current)) return current - Number(inactive?.[1] ?? 0)
  } catch {
    // No control group of version 2, or none of our own.
  }
  return process.memoryUsage.rss()
}
