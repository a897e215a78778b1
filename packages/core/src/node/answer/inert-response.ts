// The library has answered in the application's place: the application may still come to answer, from
// a callback that knows nothing of it. In plain Node the connection would be gone by then and nothing
// would happen; here `ERR_HTTP_HEADERS_SENT` would be thrown where nobody catches it.

import type { ServerResponse } from 'node:http'
import { nextTick } from '../timers.js'

/** Makes every way to write this response do nothing. What has been written is still sent. */
export function makeInert(response: ServerResponse): void {
  const self = () => response
  const nothing = () => undefined
  Object.assign(response, {
    destroy: self,
    setHeader: self,
    setHeaders: self,
    appendHeader: self,
    removeHeader: nothing,
    addTrailers: nothing,
    flushHeaders: nothing,
    writeContinue: nothing,
    writeEarlyHints: nothing,
    writeProcessing: nothing,
    writeInformation: nothing,
    writeHead: self,
    writeHeader: self,
    write: swallow(true),
    end: swallow(response),
  })
}

/** A callback among the arguments is still called, once, as for a write that went well. */
function swallow<Result>(result: Result): (...args: unknown[]) => Result {
  return (...args) => {
    const callback = args.find((argument) => typeof argument === 'function')
    if (callback !== undefined) nextTick(callback)
    return result
  }
}
