// Nothing escapes: in each test of the file an unhandled rejection or exception is a failure.

const EVENTS = ['unhandledRejection', 'uncaughtException'] as const

export function forbidStrayErrors(): void {
  const strays: unknown[] = []
  const note = (error: unknown): void => void strays.push(error)
  beforeEach(() => {
    strays.length = 0
    for (const event of EVENTS) process.on(event, note)
  })
  afterEach(async () => {
    // Rejections are told after the turn in which nobody took them.
    await new Promise((resolve) => setImmediate(resolve))
    for (const event of EVENTS) process.off(event, note)
    expect(strays).toEqual([])
  })
}
