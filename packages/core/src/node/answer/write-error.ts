// One error as the final response.

import type { ServerResponse } from 'node:http'
import type { RequestHead } from '../../head/request-head.js'
import { type Format, type RenderedError, renderError } from '../../refusal/body.js'
import { isReplacedByError, withCarried } from '../../refusal/carried.js'
import type { ErrorFacts } from '../../refusal/error-facts.js'
import { stopReading } from '../exchange/end-content.js'
import { exchangeOfResponse } from '../exchange/find-exchange.js'
import { faultsOf } from '../observe/user-code.js'
import { isAnsweredAlready } from './break-off.js'
import { tellLimits } from './limits.js'

/**
 * Makes room for an error and renders it; nothing is written. For frameworks with a reply of their
 * own, which they fill from what comes back.
 */
export function renderAnswer(
  response: ServerResponse,
  head: RequestHead,
  facts: ErrorFacts,
  format?: Format,
): RenderedError {
  const exchange = exchangeOfResponse(response)
  exchange?.reasonGiven(facts.reason)
  const told = withCarried(facts, (name) => response.getHeader(name))
  for (const name of response.getHeaderNames()) {
    if (isReplacedByError(name)) response.removeHeader(name)
  }
  if (facts.status === 413 || facts.status === 415) {
    tellLimits(response, exchange?.policy, facts.status, exchange?.limit)
  }
  const shape = format ?? exchange?.policy.format
  return renderError(told, head, shape, faultsOf('format', shape))
}

/**
 * Writes an error as the answer of whoever was to read the content: nobody gets any more of it. One that was
 * answered already gets none.
 *
 * @param format - Default: the format of the gate that decided last, else `error`.
 */
export function writeError(
  response: ServerResponse,
  head: RequestHead,
  facts: ErrorFacts,
  format?: Format,
): void {
  if (isAnsweredAlready(response)) return
  const rendered = renderAnswer(response, head, facts, format)
  // A reason phrase that was set for another status would now lie; HTTP/2 warns when it is touched.
  if (head.version !== '2.0') response.statusMessage = ''
  if (isUntouched(response)) {
    response.writeHead(rendered.status, rendered.headers)
  } else {
    response.statusCode = rendered.status
    for (const [name, value] of Object.entries(rendered.headers)) response.setHeader(name, value)
  }
  // A server may be told to throw at content of an answer to HEAD (`rejectNonStandardBodyWrites`).
  if (head.method === 'HEAD') response.end()
  else response.end(rendered.body)
  const exchange = exchangeOfResponse(response)
  if (exchange?.received === false) stopReading(exchange)
}

/**
 * Nobody has set a field, or stands in `end` to set one there: Node need not keep ours to merge them,
 * as it does one by one.
 */
function isUntouched(response: ServerResponse): boolean {
  return response.getHeaderNames().length === 0 && !Object.hasOwn(response, 'end')
}
