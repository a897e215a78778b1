// Callbacks that only listen: nobody waits for them, and what they throw or reject with does not touch
// the upload. It is told once as a warning of the process, so that it is not lost.

let warned = false

function warn(error: unknown): void {
  if (warned) return
  warned = true
  process.emitWarning(`A callback of upload() failed: ${textOf(error)}`, {
    code: 'EXPECTATION_WRN_CALLBACK',
  })
}

export function tell<Told>(callback: (told: Told) => unknown, told: Told): void {
  try {
    const result = callback(told)
    if (result instanceof Promise) result.catch(warn)
  } catch (error) {
    warn(error)
  }
}

/** What was thrown may be an object without a prototype, or one whose methods throw. */
function textOf(thrown: unknown): string {
  try {
    return String(thrown)
  } catch {
    return 'a value that cannot be shown'
  }
}
