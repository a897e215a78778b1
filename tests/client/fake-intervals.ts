// Intervals of one test that pass when it says so; all else keeps its time.

/** @returns Lets intervals pass that somebody waits for by then. */
export function fakeIntervals(): (ms: number) => Promise<void> {
  beforeEach(() => {
    jest.useFakeTimers({
      doNotFake: [
        ...(['Date', 'hrtime', 'nextTick', 'performance', 'queueMicrotask'] as const),
        ...(['setImmediate', 'clearImmediate', 'setTimeout', 'clearTimeout'] as const),
      ],
    })
  })
  afterEach(() => void jest.useRealTimers())
  return async (ms) => {
    while (jest.getTimerCount() === 0) await new Promise(setImmediate)
    jest.advanceTimersByTime(ms)
    // Sockets are looked at behind what has come meanwhile.
    await new Promise(setImmediate)
  }
}
