// Tells the caller about progress. A run is not worth less because its caller could not listen: nobody
// waits for the callback, and what it throws or rejects with is told once, as a warning of the process.

let warned = false

function warn(error: unknown): void {
  if (warned) return
  warned = true
  process.emitWarning(`The callback onProbe of doctor() failed: ${textOf(error)}`, {
    code: 'EXPECTATION_WRN_CALLBACK',
  })
}

export function tell(listener: (name: string) => unknown, name: string): void {
  try {
    Promise.resolve(listener(name)).catch(warn)
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
