// Facts about where requests stand in the bytes of a connection, and in the pieces in which they are sent.
import { bytesOf } from '../kit/bytes.mjs'

/**
 * Where the head of request n ends in the bytes; -1 when it is not found. Heads are looked for in order, so
 * that a target that comes twice is not taken for the other.
 */
function endOfHead({ scenario, read }, n) {
  const bytes = bytesOf(scenario).toString('latin1')
  const emptyLine = /\r?\n\r?\n/g
  let content = 0
  for (const { url, length } of read.requests.slice(0, n + 1)) {
    const line = bytes.indexOf(` ${url}`, emptyLine.lastIndex + content)
    emptyLine.lastIndex = line
    if (line < 0 || emptyLine.exec(bytes) === null) return -1
    content = length
  }
  return emptyLine.lastIndex
}

/** The piece with the byte before `place`: { at, from, to, send }, its number among the steps and its own place. */
function pieceBefore({ steps }, place) {
  let to = 0
  for (const [at, { send }] of steps.entries()) {
    const from = to
    to += send?.length ?? 0
    if (to >= place && to > from) return { at, from, to, send }
  }
  return undefined
}

const LAST_CHUNK = /(?:^|\r\n)0+(?:;[^\r\n]*)?\r\n(?:[^\r\n]+\r\n)*\r\n/

/** Head and content of request n came in one piece that is small enough to be one segment. */
export function inOneSegment(c) {
  const { request, scenario } = c
  const end = endOfHead(c, c.n)
  const piece = pieceBefore(scenario, end)
  if (end < 0 || piece === undefined || piece.send.length > 16_000 || !request.complete)
    return false
  const rest = piece.send.subarray(end - piece.from).toString('latin1')
  const chunked = request.headers['transfer-encoding'] !== undefined
  return chunked ? LAST_CHUNK.test(rest) : rest.length >= request.length
}

/** Bytes that are no request came in one piece with the end of the request before them. */
export function brokenAtOnce(c) {
  const last = c.read.requests.at(-1)
  if (c.read.broken === undefined || last === undefined) return false
  const end = endOfHead(c, c.read.requests.length - 1)
  const over = end + last.length
  return end >= 0 && (pieceBefore(c.scenario, over)?.to ?? 0) > over
}

/** The client waits for an answer to the head of request n before it sends the content. */
export function waits(c) {
  const end = endOfHead(c, c.n)
  const piece = end < 0 ? undefined : pieceBefore(c.scenario, end)
  return piece !== undefined && c.scenario.steps[piece.at + 1]?.await !== undefined
}

/** The client kept some of its bytes, since it had its answer. */
export const keptBack = ({ scenario, ours }) => ours.seen.sent < bytesOf(scenario).length
export const keptBackPlain = ({ scenario, plain }) => plain.seen.sent < bytesOf(scenario).length
