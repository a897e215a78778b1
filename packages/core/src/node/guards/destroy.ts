// The request stream, where it is left: `_destroy` and `_dump`. An application that leaves the stream
// loses the stream, not the connection: the answer is owed. `req.destroy()`, a failed pipeline and an
// abandoned `for await` end in `_destroy`; so does `autoDestroy` after the end. Node would destroy the
// socket there, and the answer with it.

import type { IncomingMessage } from 'node:http'
import { Refusal } from '../../refusal/refusal.js'
import { isHeadMade } from '../answer/kept-head.js'
import { type Http1Exchange, onConnection } from '../connection/http1-exchange.js'
import { contentOver } from '../delivery/http1.js'
import { ExchangeWait } from '../exchange/exchange-wait.js'
import { exchangeOfRequest } from '../exchange/find-exchange.js'
import type { OriginalMethods } from '../exchange/originals.js'
import { nextTick, nowMs } from '../timers.js'

type Done = (error?: Error | null) => void

type LeaveInternals = Pick<OriginalMethods, '_destroy'>

/**
 * How long an answer may come after `req.destroy()`, in milliseconds, twice: the same turn, its promises, and
 * a moment. Node closes the connection at once there, and who calls it mostly means that.
 */
const ANSWER_AFTER_DESTROY_MS = 50

export function guardLeaving(request: IncomingMessage): void {
  const guarded: LeaveInternals = request
  guarded._destroy = destroyContent
}

/** Node discards unread content without bounds after the answer; delivery/ does it within them. */
export function guardDumping(request: IncomingMessage): void {
  const guarded: IncomingMessage & { _dump?(): void } = request
  guarded._dump = leaveToDelivery
}

function leaveToDelivery(): void {}

function destroyContent(this: IncomingMessage, error: Error | null, callback: Done): void {
  const exchange = onConnection(exchangeOfRequest(this))
  if (isOver(this, exchange)) {
    exchange.originals._destroy.call(this, error, callback)
    return
  }
  const wasRead = exchange.handedOn
  if (wasRead) {
    exchange.contentRefused()
    abandon(this, exchange, error)
  }
  // As Node does it: an error that nobody listens for is not thrown at the process.
  nextTick(callback, this.listenerCount('error') === 0 ? null : error)
  if (wasRead) contentOver(exchange)
}

function isOver(request: IncomingMessage, exchange: Http1Exchange): boolean {
  if (exchange.received && request.readableEnded) return true
  // Node would report a client that has left; after the whole answer it has not left too early.
  return exchange.gone && !exchange.whole
}

function abandon(request: IncomingMessage, exchange: Http1Exchange, error: Error | null): void {
  const { response } = exchange
  // The answer is whole: nobody has left early, the rest of the content was not wanted.
  if (response.writableEnded) return
  // A pipeline or an iterator lets go of the socket first; `req.destroy()` does not.
  const byHand = request.socket !== null
  if (isHeadMade(response)) {
    if (byHand) exchange.cut()
    return
  }
  if (byHand) exchange.waitFor(new AnswerAfterDestroy(exchange))
  // A refusal reaches consumers as the error; `aborted` would reach them first, as a broken client.
  if (error instanceof Refusal) return
  request.aborted = true
  request.emit('aborted')
  abortSignalOf(request)
}

/** Newer releases of Node tell it by `request.signal`, too, where somebody has asked for one. */
function abortSignalOf(request: IncomingMessage): void {
  for (const symbol of Object.getOwnPropertySymbols(request)) {
    if (symbol.description !== 'kAbortController') continue
    const controller: Partial<AbortController> | null = Reflect.get(request, symbol)
    controller?.abort?.()
  }
}

class AnswerAfterDestroy extends ExchangeWait {
  #deadline = nowMs() + ANSWER_AFTER_DESTROY_MS
  #looked = false

  constructor(private readonly exchange: Http1Exchange) {
    super()
  }

  override get deadline(): number {
    return this.#deadline
  }

  override expire(): void {
    if (!this.#looked) {
      // A process that was kept from running has not had its moment yet: all that is due runs first.
      this.#looked = true
      this.#deadline = nowMs() + ANSWER_AFTER_DESTROY_MS
      return
    }
    this.leave()
    if (!isHeadMade(this.exchange.response)) this.inItsContext(() => this.exchange.cut())
  }
}
