// A client that half-closes behind its requests. Node ends the connection when it hears that
// (`httpAllowHalfOpen` is false), and what has been answered by then arrives. Requests that had to wait came to
// the application some turns later than Node would have handed them on. Law: the end comes as much later.

import type { Socket } from 'node:net'
import { setImmediate } from '../timers.js'

/** A handler that answers in the turn after its content has ended is in time with Node; then the next one is dispatched. */
const TURNS = 3

/** @param isBusy - Requests, or content, are being handed on turn by turn. */
export function postponeEnd(socket: Socket, isBusy: () => boolean): void {
  const given = Object.getOwnPropertyDescriptor(socket, 'end')
  const { end } = socket
  let asked = false
  let quiet = 0
  const postponed = (...rest: readonly unknown[]): Socket => {
    if (rest.length === 0) asked = true
    else Reflect.apply(end, socket, rest)
    return socket
  }
  Reflect.set(socket, 'end', postponed)
  const look = (): void => {
    quiet = isBusy() ? 0 : quiet + 1
    if (quiet < TURNS && !socket.destroyed) {
      setImmediate(look)
      return
    }
    if (socket.end === postponed) {
      if (given === undefined) Reflect.deleteProperty(socket, 'end')
      else Object.defineProperty(socket, 'end', given)
    }
    if (asked) Reflect.apply(end, socket, [])
  }
  setImmediate(look)
}
