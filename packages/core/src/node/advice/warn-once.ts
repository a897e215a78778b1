// Warnings of how an application uses the library: each once in a process, never in production, with a code to
// search for. docs/warnings.md has a section for each, under its code.

export type WarningCode =
  | 'EXPECTATION_WRN_LATE_ATTACH'
  | 'EXPECTATION_WRN_CONTENT_ALREADY_READ'
  | 'EXPECTATION_WRN_BODY_LIMIT_ABOVE_GATE'
  | 'EXPECTATION_WRN_EARLY_SUCCESS'
  | 'EXPECTATION_WRN_NEITHER_READ_NOR_ANSWERED'
  | 'EXPECTATION_WRN_SLOW_CHECKS'
  | 'EXPECTATION_WRN_FOREIGN_CHECK_CONTINUE'
  | 'EXPECTATION_WRN_PROXY_ANSWERS_CONTINUE'
  | 'EXPECTATION_WRN_REFUSAL_WITHOUT_CORS'

// Read once: asking for the environment costs a microsecond each time.
const quiet = process.env.NODE_ENV === 'production'

const PAGE = 'https://github.com/expectation-js/expectation/blob/main/docs/warnings.md'

const warned = new Set<WarningCode>()

/** Whether it is worth finding out: not in production, and not said yet. */
export function mayWarn(code: WarningCode): boolean {
  return !quiet && !warned.has(code)
}

export function warnOnce(code: WarningCode, message: string): void {
  if (!mayWarn(code)) return
  warned.add(code)
  process.emitWarning(`${message} ${PAGE}#${code.toLowerCase()}`, { code })
}
