// Errors that a test provokes are logged by default; here they are kept for the test to look at.

export interface KeptLog {
  /** One entry for each call of console.error in this test. */
  readonly entries: readonly (readonly unknown[])[]
}

export function keepConsoleErrors(): KeptLog {
  const entries: (readonly unknown[])[] = []
  let spy: jest.SpyInstance | undefined
  beforeEach(() => {
    entries.length = 0
    spy = jest.spyOn(console, 'error').mockImplementation((...given: unknown[]) => {
      entries.push(given)
    })
  })
  afterEach(() => spy?.mockRestore())
  return { entries }
}
