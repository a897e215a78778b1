// An application that leaves the stream loses the stream, not the connection: the answer is owed.
// `req.destroy()`, a failed pipeline and an abandoned `for await` end in `_destroy`; so does
// `autoDestroy` after the end. Node would destroy the socket there, and the answer with it.

import type { IncomingMessage } from 'node:http'
import { Refusal } from '../../refusal/refusal.js'
import { DEFAULT_POLICY } from '../default-policy.js'
import { exchangeOfRequest } from '../exchange.js'
import type { PlainMethods } from '../plain-methods.js'
import { type ConnectionExchange, onConnection } from './connection-exchange.js'

type Done = (error?: Error | null) => void

type LeaveInternals = Pick<PlainMethods, '_destroy'> & { _dump?(): void }

export function guardLeaving(request: IncomingMessage): void {
  const guarded: LeaveInternals = request
  guarded._destroy = leaveContent
  // Node discards unread content without bounds after the answer; delivery.ts does it within them.
  guarded._dump = leaveToDelivery
}

function leaveToDelivery(): void {}

function leaveContent(this: IncomingMessage, error: Error | null, callback: Done): void {
  const exchange = onConnection(exchangeOfRequest(this))
  if (isOver(this, exchange)) {
    exchange.plain._destroy.call(this, error, callback)
    return
  }
  if (!exchange.contentRefused) abandon(this, exchange, error)
  // As Node does it: an error that nobody listens for is not thrown at the process.
  process.nextTick(callback, this.listenerCount('error') === 0 ? null : error)
}

function isOver(request: IncomingMessage, exchange: ConnectionExchange): boolean {
  const whole = exchange.contentArrived && request.readableEnded
  return whole || exchange.connection.socket.destroyed
}

function abandon(
  request: IncomingMessage,
  exchange: ConnectionExchange,
  error: Error | null,
): void {
  const { response } = exchange
  exchange.contentRefused = true
  // A pipeline or an iterator lets go of the socket first; `req.destroy()` does not.
  const byHand = request.socket !== null
  if (response.headersSent && !response.writableEnded) {
    if (byHand) exchange.cut()
    return
  }
  if (byHand && !response.headersSent) awaitAnswer(exchange)
  // A refusal reaches consumers as the error; `aborted` would reach them first, as a broken client.
  if (error instanceof Refusal) return
  request.aborted = true
  request.emit('aborted')
}

/**
 * `req.destroy()` closes the connection at once in plain Node. The application gets time to answer;
 * after that it is taken at its word.
 */
function awaitAnswer(exchange: ConnectionExchange): void {
  const { totalMs } = (exchange.policy ?? DEFAULT_POLICY).linger
  const timer = setTimeout(() => {
    if (!exchange.response.headersSent) exchange.cut()
  }, totalMs).unref()
  exchange.response.once('close', () => clearTimeout(timer))
}
