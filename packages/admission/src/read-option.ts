// One reader for each kind of option: a value of the right kind comes back, anything else throws an
// OptionError with subject, received value and remedy. Absent is `undefined` and stays so.

import { OptionError } from '@expectation/core'
import bytes from 'bytes'

/** Node sets longer timers to 1 ms, with a warning. */
export const LONGEST_TIMER_MS = 2 ** 31 - 1

// `bytes` alone would take "12 parrots" for 12.
const SIZE = /^(?:\d+ *b?|\d+(?:\.\d+)? *(?:kb|mb|gb|tb|pb))$/i

interface Range {
  readonly least: number
  readonly most?: number
}

export function readSize(option: string, value: unknown, least = 0): number | undefined {
  const size =
    typeof value === 'string' && SIZE.test(value.trim()) ? bytes.parse(value.trim()) : value
  if (size === undefined) return undefined
  if (isWhole(size) && size >= least) return size
  const remedy = `Give a whole number of bytes, ${least} or more, or a size such as "5gb".`
  throw new OptionError({ option, received: value, remedy })
}

export function readWhole(
  option: string,
  value: unknown,
  { least, most = Number.MAX_SAFE_INTEGER }: Range,
  what: string,
): number | undefined {
  if (value === undefined) return undefined
  if (isWhole(value) && value >= least && value <= most) return value
  const range = most === Number.MAX_SAFE_INTEGER ? `${least} or more` : `from ${least} to ${most}`
  const remedy = `Give a whole number of ${what}, ${range}.`
  throw new OptionError({ option, received: value, remedy })
}

export function readBoolean(option: string, value: unknown): boolean | undefined {
  if (value === undefined || typeof value === 'boolean') return value
  throw new OptionError({ option, received: value, remedy: 'Give true or false.' })
}

export function readChoice<Choice extends string>(
  option: string,
  value: unknown,
  choices: readonly Choice[],
): Choice | undefined {
  if (value === undefined) return undefined
  const choice = choices.find((candidate) => candidate === value)
  if (choice !== undefined) return choice
  const remedy = `Give ${choices.map((candidate) => `'${candidate}'`).join(' or ')}.`
  throw new OptionError({ option, received: value, remedy })
}

/** A part of a whole: from 0, below or up to 1. */
export function readShare(
  option: string,
  value: unknown,
  allowed: (share: number) => boolean,
  remedy: string,
): number | undefined {
  if (value === undefined || (typeof value === 'number' && allowed(value))) return value
  throw new OptionError({ option, received: value, remedy })
}

/** A misspelt option would silently switch a limit off. */
export function rejectUnknownNames(
  subject: string,
  options: unknown,
  known: readonly string[],
): void {
  if (!isRecord(options)) {
    throw new OptionError({ option: subject, received: options, remedy: 'Give an object.' })
  }
  for (const [name, received] of Object.entries(options)) {
    if (known.includes(name)) continue
    throw new OptionError({
      code: 'ERR_EXPECTATION_UNKNOWN_OPTION',
      option: `${subject}.${name}`,
      received,
      remedy: `The options are ${known.join(', ')}.`,
    })
  }
}

function isWhole(value: unknown): value is number {
  return typeof value === 'number' && Number.isSafeInteger(value)
}

/** What would be read as holding nothing (a `Map`, a promise, a date) is wrong, and not empty. */
function isRecord(value: unknown): value is object {
  const kind = Object.prototype.toString.call(value)
  return kind === '[object Object]' || kind === '[object Module]'
}
