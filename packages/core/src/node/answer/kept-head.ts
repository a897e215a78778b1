// A final head that the application has given and Node has kept back: `writeHead` makes it, and it goes out
// with the first byte of the content, or with the end. Law: as long as nothing of it is on the wire, the
// client can still be told that its content is refused; a cut would tell it nothing.

import type { ServerResponse } from 'node:http'

/** What Node knows of the head that it has made. */
type MadeHead = ServerResponse & {
  _header?: string | null
  _headerSent?: boolean
  _contentLength?: number | null
  _hasBody?: boolean
  _last?: boolean
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
  made._header = null
  made._contentLength = null
  made._hasBody = made.req.method !== 'HEAD'
  made._last = false
  made.chunkedEncoding = false
  return !made.headersSent
}
