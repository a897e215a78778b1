// What one exchange shows about how the application is built.

import type { Exchange } from '../exchange/exchange.js'
import { mayWarn, warnOnce } from './warn-once.js'

/** Longer than any handler that is about to read; much shorter than a person's patience. */
const IDLE_HANDLER_MS = 10_000

/** One exchange is watched at a time: enough to find a handler that always does it, and cheap. */
let watching = false

/** A gate was reached. */
export function adviseOnEntry(exchange: Exchange): void {
  const code = 'EXPECTATION_WRN_CONTENT_ALREADY_READ'
  if (exchange.framing.kind === 'none' || !mayWarn(code)) return
  if (!exchange.request.readableDidRead) return
  warnOnce(
    code,
    'A gate was reached after the content had been read, most likely by a body parser mounted ' +
      'before it: the client has sent its upload already. Mount expectation() before body parsers.',
  )
}

/** The gates have let it through: does the handler do anything? */
export function adviseOnPass(exchange: Exchange): void {
  if (exchange.continuation !== 'owed') return
  const code = 'EXPECTATION_WRN_NEITHER_READ_NOR_ANSWERED'
  if (watching || !mayWarn(code)) return
  watching = true
  const timer = setTimeout(() => {
    watching = false
    const idle = exchange.continuation === 'owed' && !exchange.response.headersSent
    if (!idle || exchange.settled) return
    warnOnce(
      code,
      `A handler has neither read the content of ${exchange.head.method} nor answered for ` +
        `${IDLE_HANDLER_MS / 1000} seconds: the client waits for a 100 that only reading brings.`,
    )
  }, IDLE_HANDLER_MS)
  timer.unref?.()
}

/** The final head is written, and says close. */
export function adviseOnClose(exchange: Exchange, status: number): void {
  const early = status >= 200 && status < 300 && !exchange.received
  if (!early || exchange.request.readableDidRead || exchange.decision === undefined) return
  warnOnce(
    'EXPECTATION_WRN_EARLY_SUCCESS',
    `A ${status} was sent before any content was read. The client takes that for a stored upload, ` +
      'and the connection is closed. Read the content first, or answer with an error.',
  )
}

/** A framework tells the limit of a route's body parser, in bytes. */
export function adviseOnBodyLimit(
  gateLimit: number | undefined,
  bodyLimit: number | undefined,
): void {
  if (gateLimit === undefined || bodyLimit === undefined || bodyLimit <= gateLimit) return
  warnOnce(
    'EXPECTATION_WRN_BODY_LIMIT_ABOVE_GATE',
    `A route takes bodies of ${bodyLimit} bytes, and its gate refuses content over ${gateLimit}: ` +
      'the higher limit never applies. Raise maxContentLength, or lower the body limit.',
  )
}
