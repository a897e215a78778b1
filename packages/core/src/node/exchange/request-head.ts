// Node's request, seen as the head that a decision may look at.

import type { IncomingMessage } from 'node:http'
import type { ServerHttp2Stream } from 'node:http2'
import type { RequestHead } from '../head/request-head.js'

export function readRequestHead(request: IncomingMessage): RequestHead {
  const method = request.method ?? 'GET'
  const target = originalTarget(request)
  const headers = repeatsHost(request) ? request.headersDistinct : request.headers
  if (request.httpVersionMajor === 2) {
    return { method, target, version: '2.0', headers, endStream: endsWithHead(request) }
  }
  return { method, target, version: request.httpVersion === '1.0' ? '1.0' : '1.1', headers }
}

/**
 * Node keeps the first `Host` and drops the others; a decision has to see them (RFC 9112 section 3.2).
 * Requests that are injected, as in tests, may come without the raw fields.
 */
function repeatsHost({ rawHeaders = [] }: Partial<IncomingMessage>): boolean {
  let hosts = 0
  for (let at = 0; at < rawHeaders.length; at += 2) {
    const name = rawHeaders[at]
    if (name?.length === 4 && isHost(name)) hosts += 1
  }
  return hosts > 1
}

/** Nearly all write it one of two ways; to lower another costs more than all that is asked here. */
function isHost(name: string): boolean {
  return name === 'Host' || name === 'host' || name.toLowerCase() === 'host'
}

/** Express strips the mount path from `url` and keeps the whole in `originalUrl`. */
function originalTarget(request: IncomingMessage & { originalUrl?: unknown }): string {
  return typeof request.originalUrl === 'string' ? request.originalUrl : (request.url ?? '/')
}

/**
 * The cheapest question that there is (law 10): may this request have content, or does it expect
 * anything? RFC 9112 section 6: content is announced by Content-Length or Transfer-Encoding only.
 */
export function concernsUs(request: IncomingMessage): boolean {
  const headers = request.headers
  if (headers.expect !== undefined) return true
  if (request.httpVersionMajor === 2) return !endsWithHead(request)
  const length = headers['content-length']
  return (length !== undefined && length !== '0') || headers['transfer-encoding'] !== undefined
}

/** RFC 9113 section 8.1: content is announced by a head without END_STREAM. */
function endsWithHead(request: IncomingMessage & { stream?: ServerHttp2Stream }): boolean {
  return request.stream?.endAfterHeaders === true
}
