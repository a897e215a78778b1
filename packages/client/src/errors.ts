// What `upload()` rejects with when there is no answer. An answer, whatever its status, is no error.
import type { UploadReport } from './report.js'

/** Stable codes of {@link UploadError}; match on these, never on messages. */
export type UploadErrorCode =
  /** No connection within `connectTimeoutMs`. */
  | 'connect_timeout'
  /** No connection: refused, unknown host, certificate not trusted. */
  | 'refused_connection'
  /** No byte either way for `idleTimeoutMs`. */
  | 'idle_timeout'
  /** All content was sent, and no answer came within `responseTimeoutMs`. */
  | 'response_timeout'
  /** The connection broke before a whole answer. */
  | 'connection_lost'
  /** The connection broke after a stream was read from, which cannot be had again. */
  | 'content_spent'
  /** What came is no HTTP. */
  | 'malformed_answer'
  /** Node refuses to write the request as it is. */
  | 'malformed_request'
  /** The body gave an error, or not as many bytes as announced. */
  | 'content_failed'
  /** `authorize` threw, or did not settle within `responseTimeoutMs`. */
  | 'authorize_failed'

const SENTENCES: Readonly<Record<UploadErrorCode, string>> = {
  connect_timeout: 'no connection in time',
  refused_connection: 'no connection',
  idle_timeout: 'no byte either way in time',
  response_timeout: 'no answer in time',
  connection_lost: 'the connection was lost before an answer',
  content_spent:
    'the connection was lost after the stream was read from, so it cannot be repeated; give a function, a Blob, bytes or a file: URL as body instead',
  malformed_answer: 'what came back is not HTTP',
  malformed_request: 'Node does not write this request',
  content_failed: 'the body failed',
  authorize_failed: 'authorize failed',
}

/** There was no answer. `cause` is what Node, the body or `authorize` said. */
export class UploadError extends Error {
  override readonly name = 'UploadError'
  readonly code: UploadErrorCode
  /** All attempts, with the bytes that left for each. */
  readonly upload: UploadReport

  constructor(code: UploadErrorCode, target: string, upload: UploadReport, cause: unknown) {
    super(`${target}: ${SENTENCES[code]}${shown(cause)}${counted(upload)}`, { cause })
    this.code = code
    this.upload = upload
  }
}

function shown(cause: unknown): string {
  if (!(cause instanceof Error)) return ''
  const { code, message } = cause as NodeJS.ErrnoException
  // Of a DOMException it is a number.
  return typeof code === 'string' && !message.includes(code)
    ? ` (${code}: ${message})`
    : ` (${message})`
}

function counted({ attempts, sentBytes, contentBytes }: UploadReport): string {
  if (attempts.length === 0) return ''
  if (attempts.length > 1) return `. ${attempts.length} attempts, ${sentBytes} bytes sent in all`
  const of = contentBytes === undefined ? '' : ` of ${contentBytes}`
  return `. 1 attempt, ${sentBytes}${of} bytes sent`
}
