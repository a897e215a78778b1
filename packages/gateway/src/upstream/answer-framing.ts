// How the content of an answer of HTTP/1 is delimited, where Node's parser is lenient. Nothing of ours asks
// for a transfer coding (`TE`), so `chunked` alone is understood (RFC 9112 section 7). Under another one Node
// gives coded bytes, or the chunks themselves, as content: to relay them would change what was said.

import type { IncomingMessage } from 'node:http'

/** @returns What is wrong with an answer that cannot be relayed; `undefined` for all others. */
export function framingFault(answer: IncomingMessage, method: string): string | undefined {
  if (answer.httpVersionMajor !== 1) {
    return `The upstream answered as HTTP/${answer.httpVersion} over HTTP/1.`
  }
  const coding = answer.headers['transfer-encoding']
  // RFC 9112 section 6.1: to HEAD, and in a 304, it tells only what a GET would bring.
  if (coding === undefined || method === 'HEAD' || answer.statusCode === 304) return undefined
  return coding.trim().toLowerCase() === 'chunked'
    ? undefined
    : 'The upstream answered in a transfer coding that nobody asked for.'
}

/** RFC 9112 section 6.1: with `Transfer-Encoding` in HTTP/1.0 more may come behind what was framed. */
export function mustClose(answer: IncomingMessage): boolean {
  return answer.httpVersionMinor === 0 && answer.headers['transfer-encoding'] !== undefined
}

/** RFC 9112 section 6.3: it has content, and nothing says how long that is. */
export function endsByClose({ headers, statusCode }: IncomingMessage, method: string): boolean {
  if (method === 'HEAD' || statusCode === 204 || statusCode === 304) return false
  return headers['transfer-encoding'] === undefined && headers['content-length'] === undefined
}
