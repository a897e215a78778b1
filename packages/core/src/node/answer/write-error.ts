// One error as the final response.

import type { IncomingMessage, ServerResponse } from 'node:http'
import { constants, type Http2Stream } from 'node:http2'
import type { RequestHead } from '../head/request-head.js'
import { limitFields } from '../policy/limit-fields.js'
import type { Policy } from '../policy/policy.js'
import { type Format, type RenderedError, renderError } from '../refusal/body.js'
import type { ErrorFacts } from '../refusal/error-facts.js'
import { exchangeOfResponse } from './exchange.js'

/** Fields about content that the application meant to send and that the error replaces. */
const REPLACED = new Set([
  'accept-ranges',
  'content-disposition',
  'content-encoding',
  'content-language',
  'content-location',
  'content-range',
  'etag',
  'expires',
  'last-modified',
  'trailer',
  'transfer-encoding',
])

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
  if (exchange !== undefined) exchange.reason = facts.reason
  for (const name of response.getHeaderNames()) {
    if (REPLACED.has(name)) response.removeHeader(name)
  }
  if (facts.status === 413 || facts.status === 415) advertiseLimits(response, exchange?.policy)
  return renderError(facts, head, format ?? exchange?.policy?.format)
}

/** Adds the gate's limits to a response, if it was asked to tell them. */
export function advertiseLimits(response: ServerResponse, policy: Policy | undefined): void {
  if (policy?.advertiseLimits !== true || response.headersSent) return
  const maxContentLength = narrowest(response, policy.maxContentLength)
  const fields = limitFields({ acceptedTypes: policy.acceptedTypes, maxContentLength })
  for (const [name, value] of Object.entries(fields)) response.setHeader(name, value)
}

/** Gates narrow: what another one has told, or counts with, holds if it is less. */
function narrowest(response: ServerResponse, limit: number | undefined): number | undefined {
  const told = /max-size=(\d+)/.exec(String(response.getHeader('Upload-Limit')))?.[1]
  const limits = [limit, told && Number(told), exchangeOfResponse(response)?.limit]
  const least = Math.min(...limits.filter((each) => typeof each === 'number'))
  return Number.isFinite(least) ? least : undefined
}

/** @param format - Default: the format of the gate that decided last, else `error`. */
export function writeError(
  response: ServerResponse,
  head: RequestHead,
  facts: ErrorFacts,
  format?: Format,
): void {
  const rendered = renderAnswer(response, head, facts, format)
  // A reason phrase that was set for another status would now lie; HTTP/2 warns when it is touched.
  if (head.version !== '2.0') response.statusMessage = ''
  if (isUntouched(response)) {
    response.writeHead(rendered.status, rendered.headers)
  } else {
    response.statusCode = rendered.status
    for (const [name, value] of Object.entries(rendered.headers)) response.setHeader(name, value)
  }
  response.end(rendered.body)
}

/**
 * Nobody has set a field, or stands in `end` to set one there: Node need not keep ours to merge them,
 * as it does one by one.
 */
function isUntouched(response: ServerResponse): boolean {
  return response.getHeaderNames().length === 0 && !Object.hasOwn(response, 'end')
}

/** The head is out and the rest will not come: what the client has must not look like a whole answer. */
export function breakOff(response: ServerResponse & { readonly stream?: Http2Stream }): void {
  const exchange = exchangeOfResponse(response)
  if (exchange !== undefined) exchange.cut()
  // Destroying an HTTP/2 response resets its stream with NO_ERROR, which clients take for an end.
  else if (response.stream !== undefined) response.stream.close(constants.NGHTTP2_INTERNAL_ERROR)
  else response.destroy()
}

/** Nobody is there to be answered: an error that comes now is most likely about that. */
export function clientHasLeft(request: IncomingMessage, response: ServerResponse): boolean {
  const exchange = exchangeOfResponse(response)
  // An abandoned iterator has taken the socket from the request; the exchange still knows it.
  if (exchange !== undefined) return exchange.carrierGone && !exchange.answered
  return request.socket?.destroyed === true && !response.writableFinished
}
