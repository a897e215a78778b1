// How content whose length the head does not tell is counted: it grows step by step, or a size is
// claimed whole. What is claimed first always fits into an empty pool: else nobody could ever begin.

import { OptionError, readMilliseconds, readSize, rejectUnknownNames } from '@expectation/core'
import type { UnknownLengthOptions } from './options.js'

export interface UnknownLength {
  /** Bytes claimed when it begins. */
  readonly first: number
  /** `undefined`: it may not grow. */
  readonly growth: { readonly step: number; readonly waitMs: number } | undefined
  /** Whether the content is held to what was claimed. */
  readonly counted: boolean
  /** What uploads that begin may use of a limit while room is kept for those that grow. */
  openOf(limit: number): number
}

interface ByteLimits {
  readonly bytes: number
  readonly tenantBytes: number
}

const NAMES = ['first', 'step', 'headroom', 'waitMs'] as const
const MEGABYTE = 1024 * 1024
const LONGEST_WAIT_MS = 60_000

export function readUnknownLength(
  value: number | string | UnknownLengthOptions | undefined,
  limits: ByteLimits,
): UnknownLength {
  return value === undefined || (typeof value === 'object' && value !== null)
    ? growing(value ?? {}, limits)
    : whole(value, limits)
}

function whole(value: number | string, limits: ByteLimits): UnknownLength {
  const first = readSize('unknownLength', value, 1) ?? MEGABYTE
  const most = Math.min(limits.bytes, limits.tenantBytes)
  if (first > most) {
    const remedy = `Give at most the ${most} bytes of the pool, or it could never be claimed.`
    throw new OptionError({ option: 'unknownLength', received: value, remedy })
  }
  return { first, growth: undefined, counted: true, openOf: (limit) => limit }
}

function growing(options: UnknownLengthOptions, limits: ByteLimits): UnknownLength {
  const subject = 'unknownLength'
  rejectUnknownNames(subject, options, NAMES)
  const headroom = readHeadroom(`${subject}.headroom`, options.headroom) ?? 0.2
  const openOf = (limit: number) =>
    limit === Number.POSITIVE_INFINITY ? limit : Math.max(1, Math.floor(limit * (1 - headroom)))
  const first = readSize(`${subject}.first`, options.first) ?? MEGABYTE
  const growth = {
    step: readSize(`${subject}.step`, options.step, 1) ?? 8 * MEGABYTE,
    waitMs: readMilliseconds(`${subject}.waitMs`, options.waitMs, 0, LONGEST_WAIT_MS) ?? 10_000,
  }
  const most = Math.min(limits.bytes, limits.tenantBytes)
  const counted = most !== Number.POSITIVE_INFINITY
  return { first: counted ? Math.min(first, openOf(most)) : 0, growth, counted, openOf }
}

function readHeadroom(option: string, value: unknown): number | undefined {
  if (value === undefined || (typeof value === 'number' && value >= 0 && value < 1)) return value
  const remedy = 'Give a part from 0, below 1, such as 0.2.'
  throw new OptionError({ option, received: value, remedy })
}
