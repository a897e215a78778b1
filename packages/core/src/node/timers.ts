// Node's timers and its clock as they are when the library is loaded. Law: what a connection waits for does
// not stop when an application's tests replace the timers of `node:timers` (`mock.timers` of `node:test`),
// `process.nextTick` or `performance.now` (Jest, Sinon): plain Node's own do not. The time of checks is not among
// that: it goes with the clock of the application whose checks they are.

import { performance } from 'node:perf_hooks'
import * as timers from 'node:timers'

export const { clearImmediate, clearTimeout, setImmediate, setTimeout } = timers
export const { nextTick } = process
/** Milliseconds since the process started: a clock that nobody sets. */
export const nowMs = performance.now.bind(performance)
