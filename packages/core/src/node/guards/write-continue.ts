// `writeContinue` of a response whose request expects something: it writes the 100 once, and only while
// it is owed. Law: what it tells its caller is what Node's own would tell.

import type { ServerResponse } from 'node:http'
import { exchangeOfResponse } from '../exchange/find-exchange.js'
import { nextTick } from '../timers.js'

type ContinueWriter = { writeContinue(callback?: () => void): unknown }

export function guardContinue(response: ServerResponse): void {
  const guarded: ContinueWriter = response
  guarded.writeContinue = writeContinueOnce
}

/**
 * @returns Nothing on HTTP/1; on HTTP/2 whether a 100 could still be written.
 */
function writeContinueOnce(this: ServerResponse, callback?: () => void): boolean | undefined {
  const exchange = exchangeOfResponse(this)
  const inTime = !this.headersSent
  exchange?.contentWanted()
  if (typeof callback === 'function') nextTick(callback)
  return exchange?.head.version === '2.0' ? inTime : undefined
}
