// Koa's `app.callback()` is a closure that hides the application: nothing tells, when a server's
// first request starts, whether a gate is mounted behind it. So the callback is remembered as it is
// made. A Koa of another copy than ours is not seen; its servers are attached by their first request
// that reaches a gate, or by `attach(server)`.

import { announceApplication } from '@expectation/core/node'
import Koa from 'koa'

let remembering = false

export function rememberApplications(): void {
  if (remembering) return
  remembering = true
  const { callback } = Koa.prototype
  Koa.prototype.callback = function callbackRemembered(this: Koa) {
    const listener = callback.call(this)
    announceApplication(listener, this)
    return listener
  }
}
