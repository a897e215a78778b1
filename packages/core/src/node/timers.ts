// Node's timers as they are when the library is loaded. Law: what a connection waits for does not stop
// when an application's tests replace the timers of `node:timers` (`mock.timers` of `node:test`) or
// `process.nextTick` (Jest, Sinon): plain Node's own do not.

import * as timers from 'node:timers'

export const { clearImmediate, clearTimeout, setImmediate, setTimeout } = timers
export const { nextTick } = process
