// Node's asynchronous context (`AsyncLocalStorage`) of a request, kept for what runs later on its
// behalf, and the context of the process for what runs on behalf of many. Law: nothing of one request
// runs in the context of another.

import { AsyncResource } from 'node:async_hooks'

/** Runs a function in the context in which it was made. */
export type AsyncContext = <Result>(run: () => Result) => Result

/** The context that is current now. `AsyncLocalStorage.snapshot` does the same at 4 to 30 times the cost. */
export function currentContext(): AsyncContext {
  const resource = new AsyncResource('EXPECTATION', { requireManualDestroy: true })
  return (run) => resource.runInAsyncScope(run)
}

/** @param context - `undefined`: the one that is current. */
export function inContext(context: AsyncContext | undefined, run: () => void): void {
  if (context === undefined) run()
  else context(run)
}

/**
 * For timers that serve a whole server: the first request to need one must not lend it its context. Where the library
 * is loaded within a request it is that one's, so that what such a timer ends has a context of its own.
 */
export const inProcessContext: AsyncContext = currentContext()
