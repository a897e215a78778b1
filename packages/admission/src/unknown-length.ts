// How content whose length the head does not tell is counted: it grows step by step, or a size is
// claimed whole. What is claimed first always fits into an empty pool: else nobody could ever begin.

import { OptionError } from '@expectation/core'
import type { UnknownLengthOptions } from './options.js'
import { readShare, readSize, readWhole, rejectUnknownNames } from './read-option.js'

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
  const headroom =
    readShare(
      `${subject}.headroom`,
      options.headroom,
      (share) => share >= 0 && share < 1,
      'Give a part from 0, below 1, such as 0.2.',
    ) ?? 0.2
  const openOf = (limit: number) =>
    limit === Number.POSITIVE_INFINITY ? limit : Math.max(1, Math.floor(limit * (1 - headroom)))
  const first = readSize(`${subject}.first`, options.first) ?? MEGABYTE
  const waiting = { least: 0, most: LONGEST_WAIT_MS }
  const growth = {
    step: readSize(`${subject}.step`, options.step, 1) ?? 8 * MEGABYTE,
    waitMs: readWhole(`${subject}.waitMs`, options.waitMs, waiting, 'milliseconds') ?? 10_000,
  }
  const most = Math.min(limits.bytes, limits.tenantBytes)
  const counted = most !== Number.POSITIVE_INFINITY
  return { first: counted ? Math.min(first, openOf(most)) : 0, growth, counted, openOf }
}
