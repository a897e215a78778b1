// The one error for wrong options. It is the fault of whoever wrote the options, never of a peer:
// subject first, what was received, then the remedy.

/** Stable codes of {@link OptionError}; match on these, never on messages. */
export type OptionErrorCode = 'ERR_EXPECTATION_INVALID_OPTION' | 'ERR_EXPECTATION_UNKNOWN_OPTION'

export interface OptionFault {
  /** Path of the option, for example `linger.idleMs`. */
  readonly option: string
  readonly received: unknown
  /** One sentence that says what to write instead. */
  readonly remedy: string
  /** Default `ERR_EXPECTATION_INVALID_OPTION`, as most faults are of values. */
  readonly code?: OptionErrorCode
}

/** Thrown where wrong options are written, so that a server never starts with them. */
export class OptionError extends TypeError {
  override readonly name = 'OptionError'
  readonly code: OptionErrorCode
  /** Path of the option, for example `linger.idleMs`. */
  readonly option: string
  /** The value as it was received. */
  readonly received: unknown
  /** What to write instead. */
  readonly remedy: string

  constructor(fault: OptionFault) {
    const code = fault.code ?? 'ERR_EXPECTATION_INVALID_OPTION'
    const received = show(fault.received)
    super(
      code === 'ERR_EXPECTATION_UNKNOWN_OPTION'
        ? `${fault.option} is not an option (received ${received}). ${fault.remedy}`
        : `${fault.option} cannot be ${received}. ${fault.remedy}`,
    )
    this.code = code
    this.option = fault.option
    this.received = fault.received
    this.remedy = fault.remedy
  }
}

const SHOWN_CHARACTERS = 80

/** A short, JSON-like picture of any value; never throws. */
function show(value: unknown): string {
  try {
    const text = picture(value)
    return text.length > SHOWN_CHARACTERS ? `${text.slice(0, SHOWN_CHARACTERS)}…` : text
  } catch {
    return `an unreadable ${typeof value}`
  }
}

function picture(value: unknown): string {
  switch (typeof value) {
    case 'bigint':
      return `${value}n`
    case 'function':
      return `function ${value.name || '(anonymous)'}`
    case 'number':
      // JSON would show NaN and Infinity as null.
      return String(value)
    case 'object':
      // JSON would show a promise, a `Map` and most others as an empty object.
      return value === null || Array.isArray(value) || isPlain(value)
        ? JSON.stringify(value)
        : `a ${value.constructor?.name ?? 'object'}`
    case 'string':
      return JSON.stringify(value)
    default:
      return String(value)
  }
}

function isPlain(value: object): boolean {
  const prototype: unknown = Object.getPrototypeOf(value)
  return prototype === null || prototype === Object.prototype
}
