// Whether an answer of HTTP/1.1 came to its end (RFC 9112 section 8). Node's parser knows it where the framing
// says it. What is read until the close is complete for Node however the connection ended.
import type { IncomingMessage } from 'node:http'
import type { Duplex } from 'node:stream'
import { isGone, wasHeardOut } from '../hear-out.js'

interface Asked {
  readonly method: string
  /** Was there content, or may there have been? */
  readonly hadContent: boolean
}

/**
 * A connection that failed was not closed. After a request with content a reset may mean both: it is also what
 * the close of a server looks like that has not read all of the content.
 *
 * @param socket - That of the answer, which has let it go by its end.
 */
export function isWhole(answer: IncomingMessage, socket: Duplex, asked: Asked): boolean {
  const { errored } = socket
  if (!answer.complete || errored == null || !endsByClose(answer, asked.method))
    return answer.complete
  return asked.hadContent && isGone(errored) && wasHeardOut(socket)
}

/** Of these the head is all (section 6.3). */
const HEAD_ONLY: ReadonlySet<number | undefined> = new Set([204, 304])

/** Nothing says how long it is (section 6.3). */
function endsByClose({ headers, statusCode }: IncomingMessage, method: string): boolean {
  if (method === 'HEAD' || HEAD_ONLY.has(statusCode)) return false
  const coding = headers['transfer-encoding']
  if (coding !== undefined) return !/(^|,)\s*chunked\s*$/i.test(coding)
  return headers['content-length'] === undefined
}
