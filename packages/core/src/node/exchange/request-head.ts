// Node's request, seen as the head that a decision may look at.

import type { IncomingMessage } from 'node:http'
import { Http2ServerRequest, type ServerHttp2Stream } from 'node:http2'
import type { Socket } from 'node:net'
import { type HeadView, viewOf } from '../../head/head-view.js'

/** As checks see it, so that none that waits needs another view of it. */
export function readRequestHead(request: IncomingMessage): HeadView {
  const method = request.method ?? 'GET'
  const target = originalTarget(request)
  const headers = repeatsHost(request) ? request.headersDistinct : request.headers
  if (isStreamRequest(request)) {
    return viewOf({ method, target, version: '2.0', headers, endStream: endsWithHead(request) })
  }
  // A later version than 1.1 in a request line is read as 1.1 (RFC 9110 section 2.5).
  const version = isBeforeHttp11(request) ? '1.0' : '1.1'
  return hasDroppedFields(request)
    ? viewOf({ method, target, version, headers, fieldsDropped: true })
    : viewOf({ method, target, version, headers })
}

type AcceptedSocket = Socket & { readonly server?: { readonly maxHeadersCount?: number | null } }

/** What Node keeps of a head unless the server says otherwise. */
const KEPT_FIELDS = 1000
/** Names and values that Node's parser hands over at a time; it looks at its limit before each batch. */
const BATCH = 62

/**
 * Up to Node 22, the parser drops the fields behind `server.maxHeadersCount` without a word; newer releases answer
 * 431. It stops to take batches, so that a head with just as many fields as a limit of whole batches
 * cannot be told from a longer one, and counts as one.
 */
function hasDroppedFields({ rawHeaders = [], socket }: Partial<IncomingMessage>): boolean {
  const { length } = rawHeaders
  const accepted: AcceptedSocket | undefined = socket
  const most = 2 * (accepted?.server?.maxHeadersCount ?? KEPT_FIELDS)
  if (most <= 0) return false
  return length > most || (length === most && most % BATCH === 0)
}

/** Node's parser accepts 0.9, too, and a client of either knows neither `Expect` nor a kept connection. */
function isBeforeHttp11({ httpVersion }: IncomingMessage): boolean {
  return httpVersion === '1.0' || httpVersion === '0.9'
}

/**
 * Node keeps the first `Host` and drops the others; a decision has to see them (RFC 9112 section 3.2).
 * Requests that are injected, as in tests, may come without the raw fields.
 */
function repeatsHost({ rawHeaders = [] }: Partial<IncomingMessage>): boolean {
  let candidates = 0
  for (let at = 0; at < rawHeaders.length; at += 2) {
    if (rawHeaders[at]?.length === 4) candidates += 1
  }
  return candidates > 1 && rawHeaders.filter(isHostName).length > 1
}

function isHostName(text: string, at: number): boolean {
  return at % 2 === 0 && text.toLowerCase() === 'host'
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
  if (isStreamRequest(request)) return !endsWithHead(request)
  const length = headers['content-length']
  if (length !== undefined && length !== '0') return true
  return headers['transfer-encoding'] !== undefined || hasDroppedFields(request)
}

/**
 * Whether what stands behind the head has to be looked at before an answer is given. A declared length
 * tells enough, unless an expectation leaves open whether the content will come.
 */
export function waitsForSegment(request: IncomingMessage): boolean {
  if (request.complete) return false
  const { headers } = request
  if (headers['transfer-encoding'] !== undefined) return true
  if (headers.expect === undefined) return false
  const length = headers['content-length']
  return length !== undefined && length !== '0'
}

/**
 * The client has said that it sends nothing behind this request (RFC 9112 section 9.3). Node's
 * `shouldKeepAlive` does not tell: it is false, too, where an expectation got no 100.
 */
export function isLastOfClient(request: IncomingMessage): boolean {
  const { connection } = request.headers
  return isBeforeHttp11(request)
    ? !hasMember(connection, 'keep-alive')
    : hasMember(connection, 'close')
}

/** @param list - Of names, as in `Connection` (RFC 9110 section 5.6.1). */
export function hasMember(list: unknown, name: string): boolean {
  const members = String(list ?? '').toLowerCase()
  return members.includes(name) && members.split(',').some((member) => member.trim() === name)
}

/** RFC 9113 section 8.1: content is announced by a head without END_STREAM. */
function endsWithHead({ stream }: StreamRequest): boolean {
  return stream.endAfterHeaders === true
}

/** Node's HTTP/2 compatibility API: the same request, with its stream. */
export type StreamRequest = IncomingMessage & { readonly stream: ServerHttp2Stream }

/**
 * Whether a request came on an HTTP/2 stream. Its version does not tell: `GET / HTTP/2.0` is a request
 * line that Node's HTTP/1 parser accepts. Nor does `stream`: applications give that name to what is theirs.
 */
export function isStreamRequest(request: IncomingMessage): request is StreamRequest {
  return request instanceof Http2ServerRequest
}
