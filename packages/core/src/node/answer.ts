// Writes one error as the final response. The only writer of error bodies on a plain response.

import type { ServerResponse } from 'node:http'
import type { RequestHead } from '../head/request-head.js'
import { type Format, renderError } from '../refusal/body.js'
import type { ErrorFacts } from '../refusal/error-facts.js'
import { exchangeOf } from './exchange.js'

/** Fields about content that the application meant to send and that the error replaces. */
const REPLACED = [
  'Accept-Ranges',
  'Content-Disposition',
  'Content-Encoding',
  'Content-Language',
  'Content-Location',
  'Content-Range',
  'ETag',
  'Expires',
  'Last-Modified',
  'Trailer',
  'Transfer-Encoding',
] as const

export function writeError(
  response: ServerResponse,
  head: RequestHead,
  facts: ErrorFacts,
  format?: Format,
): void {
  const exchange = exchangeOf(response)
  if (exchange !== undefined) exchange.reason = facts.reason
  const rendered = renderError(facts, head, format)
  for (const name of REPLACED) response.removeHeader(name)
  response.statusCode = rendered.status
  // A reason phrase that was set for another status would now lie; HTTP/2 warns when it is touched.
  if (head.version !== '2.0') response.statusMessage = ''
  for (const [name, value] of Object.entries(rendered.headers)) response.setHeader(name, value)
  response.end(rendered.body)
}
