// A final head that the application has given and Node has kept back: `writeHead` makes it, and it goes out
// with the first byte of the content, or with the end. Laws:
// - as long as nothing of it is on the wire, the client can still be told that its content is refused; a cut
//   would tell it nothing
// - whether the connection is kept need not be said before; the rest of the head stays as Node has made it

import type { ServerResponse } from 'node:http'

const SENDS = Symbol('sends')
const DECIDES = Symbol('decides')

/** What Node knows of the head that it has made. */
type MadeHead = ServerResponse & {
  _header?: string | null
  _headerSent?: boolean
  _contentLength?: number | null
  _hasBody?: boolean
  _last?: boolean
  /** All that is written goes through it. */
  _send?: Send | undefined
  [SENDS]?: Send | undefined
  [DECIDES]?: (() => void) | undefined
}

type Send = (this: ServerResponse, ...args: readonly unknown[]) => unknown

/** What Node says of the connection where the application says nothing. */
const KEEPS = /\r\nConnection: keep-alive\r\n(?:Keep-Alive: [^\r\n]*\r\n)?/
const CLOSES = '\r\nConnection: close\r\n'

/**
 * A final head has been given. `headersSent` tells the same, unless somebody has replaced it: as @fastify/express
 * does, where it means that `send` was called.
 */
export function isHeadMade(response: ServerResponse): boolean {
  const { _header: made }: ServerResponse & { readonly _header?: unknown } = response
  return made === undefined ? response.headersSent : Boolean(made)
}

/** The application has given its head, and nothing of it is on the wire. Never on HTTP/2. */
export function isKeptBack(response: ServerResponse): boolean {
  const { _header: made, _headerSent: sent }: MadeHead = response
  return typeof made === 'string' && sent === false
}

/** @returns Whether it was taken back: the response is as it was before. Never on HTTP/2. */
export function takeHeadBack(response: ServerResponse): boolean {
  const made: MadeHead = response
  if (!isKeptBack(response)) return false
  forgetHead(response)
  made._header = null
  made._contentLength = null
  made._hasBody = made.req.method !== 'HEAD'
  made._last = false
  made.chunkedEncoding = false
  return !isHeadMade(made)
}

/** Whether it can be told when a head goes out. */
export function tellsWhenSent(response: ServerResponse): boolean {
  const { _send: send }: MadeHead = response
  return typeof send === 'function'
}

/** @param decide - Called once, in the moment in which the head that is made next goes out. */
export function whenHeadIsSent(response: ServerResponse, decide: () => void): void {
  const made: MadeHead = response
  made[DECIDES] = decide
  if (made._send === sendDecided) return
  made[SENDS] = made._send
  made._send = sendDecided
}

function sendDecided(this: MadeHead, ...args: readonly unknown[]): unknown {
  const decide = this[DECIDES]
  forgetHead(this)
  this._send = this[SENDS]
  decide?.()
  return this._send?.(...args)
}

/** Nothing is decided any more of the head that was made last. */
export function forgetHead(response: ServerResponse): void {
  const made: MadeHead = response
  if (made[DECIDES] !== undefined) made[DECIDES] = undefined
}

/** A head in which the application has said nothing of the connection says close. */
export function sayClose(response: ServerResponse): void {
  const made: MadeHead = response
  const head = made._header
  if (typeof head !== 'string') return
  if (KEEPS.test(head)) made._header = head.replace(KEEPS, CLOSES)
  else if (!head.includes(CLOSES)) made._header = head.replace('\r\n', CLOSES)
  made._last = true
}
