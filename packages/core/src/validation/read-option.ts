// One reader for each kind of option: a value of the right kind comes back, anything else throws.
// Absent is `undefined` and stays so; defaults belong to the policy.

import bytes from 'bytes'
import { OptionError } from './option-error.js'

/** Node sets longer timers to 1 ms, with a warning. */
const LONGEST_TIMER_MS = 2 ** 31 - 1

// `bytes` alone would take "12 parrots" for 12.
const SIZE = /^(?:\d+ *b?|\d+(?:\.\d+)? *(?:kb|mb|gb|tb|pb))$/i

export function readSize(option: string, value: unknown, least = 0): number | undefined {
  if (value === undefined) return undefined
  const size =
    typeof value === 'string' && SIZE.test(value.trim()) ? bytes.parse(value.trim()) : value
  return readWhole(option, size, {
    received: value,
    least,
    most: Number.MAX_SAFE_INTEGER,
    remedy: `Give a whole number of bytes from ${least} to 2^53 - 1, or a size such as "5gb".`,
  })
}

export function readMilliseconds(
  option: string,
  value: unknown,
  least: number,
  most = LONGEST_TIMER_MS,
): number | undefined {
  return readWhole(option, value, {
    received: value,
    least,
    most,
    remedy: `Give a whole number of milliseconds from ${least} to ${most}.`,
  })
}

export function readCount(option: string, value: unknown, least = 0): number | undefined {
  return readWhole(option, value, {
    received: value,
    least,
    most: Number.MAX_SAFE_INTEGER,
    remedy: `Give a whole number, ${least} or more.`,
  })
}

export function readBoolean(option: string, value: unknown): boolean | undefined {
  if (value === undefined || typeof value === 'boolean') return value
  throw new OptionError({ option, received: value, remedy: 'Give true or false.' })
}

/** @param otherwise - What may be given beside the choices; ends the remedy. */
export function readChoice<Choice extends string>(
  option: string,
  value: unknown,
  choices: readonly Choice[],
  otherwise = '',
): Choice | undefined {
  if (value === undefined) return undefined
  const choice = choices.find((candidate) => candidate === value)
  if (choice !== undefined) return choice
  const listed = choices.map((candidate) => `'${candidate}'`).join(' or ')
  throw new OptionError({ option, received: value, remedy: `Give ${listed}${otherwise}.` })
}

/** A copy of the list; its elements are for the caller to check. */
export function readList<Item>(
  option: string,
  value: readonly Item[] | undefined,
  items: string,
): readonly Item[] | undefined {
  if (value === undefined) return undefined
  // A hole in it is an element that is missing: `map` and `forEach` would pass it over.
  if (Array.isArray(value)) return Array.from(value)
  throw new OptionError({ option, received: value, remedy: `Give an array of ${items}.` })
}

interface WholeNumber {
  readonly received: unknown
  readonly least: number
  readonly most: number
  readonly remedy: string
}

function readWhole(option: string, value: unknown, kind: WholeNumber): number | undefined {
  if (value === undefined) return undefined
  if (typeof value === 'number' && Number.isSafeInteger(value)) {
    if (value >= kind.least && value <= kind.most) return value
  }
  throw new OptionError({ option, received: kind.received, remedy: kind.remedy })
}
