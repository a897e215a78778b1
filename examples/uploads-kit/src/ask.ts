// "Send with Expect" of the page: a browser cannot ask before it sends, so the service asks itself, as
// curl, Go, .NET and the AWS SDKs do, with an upload of the same size, type and token.

import type { IncomingMessage } from 'node:http'
import { Refusal } from '@expectation/core'
import { type Attempt, attempt } from './demo.js'

/** More than the service takes: the page offers nothing larger. */
const MOST_BYTES = 60_000_000
const TYPE = /^[\w.+-]+\/[\w.+-]+$/

/**
 * Answers `POST /ask?bytes=…&type=…&token=…`: what a client that asks gets, and how much it sends.
 *
 * @throws Refusal - 400 for anything else.
 */
export function askAsClient(request: IncomingMessage): Promise<Attempt> {
  const { searchParams } = new URL(request.url ?? '/', 'http://service')
  const bytes = Number(searchParams.get('bytes'))
  const type = searchParams.get('type') ?? ''
  const token = searchParams.get('token')
  if (!Number.isSafeInteger(bytes) || bytes < 1 || bytes > MOST_BYTES || !TYPE.test(type)) {
    throw new Refusal(400, { details: `Give bytes from 1 to ${MOST_BYTES}, and a media type` })
  }
  return attempt({
    url: `${originOf(request)}/files/asked-first`,
    headers: { 'Content-Type': type, ...(token && { Authorization: `Bearer ${token}` }) },
    bytes,
  })
}

/** The address that this request came to, whatever its Host says. */
function originOf({ socket: { localAddress = '127.0.0.1', localPort } }: IncomingMessage): string {
  const host = localAddress.includes(':') ? `[${localAddress}]` : localAddress
  return `http://${host}:${localPort}`
}
