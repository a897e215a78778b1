// Warnings for whoever runs the process: each code once, and none with NODE_ENV=production, where
// the channel tells the same.

/** Each has a section in docs/admission.md. */
export type WarningCode =
  | 'EXPECTATION_WRN_ADMISSION_STORE_AWAY'
  | 'EXPECTATION_WRN_ADMISSION_LIMITS_DIFFER'

const warned = new Set<WarningCode>()

export function warnOnce(code: WarningCode, message: string): void {
  if (warned.has(code) || process.env.NODE_ENV === 'production') return
  warned.add(code)
  process.emitWarning(message, { type: 'ExpectationWarning', code })
}
