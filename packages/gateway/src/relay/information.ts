// Information responses other than 100, passed on in their order before the final head (RFC 9110 section
// 15.2). Node 20 has no method for 104 or for fields of a 102, so HTTP/1 gets the bytes.

import { type ServerResponse, STATUS_CODES } from 'node:http'
import type { ServerHttp2Stream } from 'node:http2'
import type { HttpVersion } from '@expectation/core'
import { answerFields } from '../fields/answer-fields.js'
import type { FieldLines } from '../fields/field-lines.js'
import { inOneLine } from '../fields/one-line.js'
import { isFieldValue } from '../fields/syntax.js'

/** An upstream that sends more of them in one exchange has failed: without a bound it never answers. */
export const MOST_INFORMATION = 16

type Response = ServerResponse & { readonly stream?: ServerHttp2Stream }

/** A client of HTTP/1.0 gets none (RFC 9110 section 15.2). */
export function passInformation(
  response: Response,
  version: HttpVersion,
  status: number,
  lines: FieldLines,
): void {
  if (response.headersSent || version === '1.0') return
  if (version === '2.0') toStream(response, status, lines)
  else toConnection(response, status, lines)
}

function toStream({ stream }: Response, status: number, lines: FieldLines): void {
  if (stream === undefined || stream.destroyed || stream.closed || stream.headersSent) return
  const fields = answerFields(lines).map(({ name, value }) => {
    const key = name.toLowerCase()
    return [key, inOneLine(key, value)] as const
  })
  try {
    stream.additionalHeaders({ ...Object.fromEntries(fields), ':status': status })
  } catch {
    // It may always be left out, and nobody would catch this: an upstream's parser called.
  }
}

/** One whose turn it is not yet, as another answer stands before it, has no socket. */
function toConnection({ socket }: Response, status: number, lines: FieldLines): void {
  if (socket === null || !socket.writable) return
  const text = answerFields(lines).flatMap(({ name, value }) =>
    (typeof value === 'string' ? [value] : value)
      .filter(isFieldValue)
      .map((each) => `${name}: ${each}\r\n`),
  )
  const phrase = STATUS_CODES[status] ?? 'Information'
  socket.write(`HTTP/1.1 ${status} ${phrase}\r\n${text.join('')}\r\n`, 'latin1')
}
