// What users write: the same options in every adapter. Types and their documentation only.

import type { Outcome } from '../outcome/outcome.js'
import type { Format } from '../refusal/body.js'
import type { Check, ExtensionExpectation } from './check.js'
import type { Limited } from './limit-of.js'
import type { Logger } from './logger.js'

/** Options of a gate. Wrong ones throw an `OptionError` where they are written. */
export interface ExpectationOptions<Request = unknown> {
  /**
   * The most content a request may have: bytes, or a size such as `'5gb'` (powers of 1024).
   * A larger declared length is refused with 413 before any content is sent; content of undeclared
   * length is counted as it is read. Multipart content is longer than the file in it.
   *
   * A function of the head and `{ request, signal }` finds it for each request with content, at once
   * or within `checkTimeoutMs`: `(head, { request }) => request.user.plan.maxUpload`. `undefined`
   * means no limit. What it looks at must be there by then: mount the gate behind authentication.
   * Default: no limit, as only the application knows one.
   */
  maxContentLength?: Limited<number | string, Request>
  /** Refuse content without `Content-Length` with 411. Default false: chunked uploads are ordinary. */
  requireContentLength?: boolean | undefined
  /**
   * Media types of content as `type-is` reads them: `'video/*'`, `'json'`, `'+json'`. Others, and
   * content without `Content-Type`, are refused with 415 and `Accept`. A function finds them for each
   * request with content, as for `maxContentLength`. Default: any.
   */
  acceptedTypes?: Limited<readonly string[], Request>
  /**
   * Content codings that may be applied, for example `['gzip']`; `[]` for none. Others are refused
   * with 415 and `Accept-Encoding`. Content without a coding is always accepted
   * (RFC 9110 section 8.4). Default: any.
   */
  acceptedCodings?: readonly string[] | undefined
  /**
   * Asked in this order after all other rules; the first refusal wins. They are not asked about
   * requests that have neither content nor an expectation. Default: none.
   */
  checks?: readonly Check<Request>[] | undefined
  /**
   * Milliseconds that all checks and limits of a request may take together, 1 to 2147483647.
   * Default 800: curl, Go, .NET and botocore wait one second for the answer, then send anyway.
   */
  checkTimeoutMs?: number | undefined
  /** When time is up: 503 `check_timed_out`, or let it through. Default `'refuse'`: fail closed. */
  onCheckTimeout?: 'refuse' | 'continue' | undefined
  /**
   * Whether the application negotiates. With false, content announced with `100-continue` is
   * refused with 417, which closes the connection: curl then reports the 417 and does not repeat
   * the request by itself. Default true.
   */
  acceptContinue?: boolean | undefined
  /**
   * Unknown and malformed expectations: 417, or act as if they were not there (RFC 9110 section
   * 10.1.1 allows both). A malformed one never leads to a 100. Default `'refuse'`: explicit.
   */
  unknownExpectation?: 'refuse' | 'ignore' | undefined
  /** Deciders of extension expectations, by name; names are compared without case. Default: none. */
  expectations?: Readonly<Record<string, ExtensionExpectation>> | undefined
  /**
   * When 100 is sent: when content is first read, or as soon as all checks have passed.
   * Default `'on-read'`: whatever the application still refuses by itself costs no content.
   */
  continueTiming?: 'on-read' | 'after-checks' | undefined
  /**
   * Milliseconds that the first content may take after a 100, 1 to 2147483647; then 408. A client
   * that asked is ready to send. Default 60000, as Node's `headersTimeout`. It bounds three waits more:
   * for the extension of a grant, for content that is read on after the answer, and for the rest of an
   * answer that closes.
   */
  contentTimeoutMs?: number | undefined
  /**
   * The body of refusals. Clients that prefer `application/problem+json` or `text/html` in `Accept`
   * get that instead, unless it is a function, which decides alone. Default `'error'`.
   */
  format?: Format | undefined
  /**
   * Answer what Node answers below the framework (400, 408, 431, and 503 of `maxRequestsPerSocket`)
   * in `format` too, and deliver it. It holds for the whole server, and yields to `clientError`
   * listeners of the application. Default false: such answers belong to no route.
   */
  normalizeClientErrors?: boolean | undefined
  /**
   * Tell callers the gate's limits: `Accept-Post` and `Accept-Patch` for `acceptedTypes` on `OPTIONS`
   * and on 413 and 415, `Upload-Limit` for `maxContentLength` on 413 only. Default false: `Upload-Limit`
   * is of an IETF draft (resumable uploads) and experimental.
   */
  advertiseLimits?: boolean | undefined
  linger?: LingerOptions | undefined
  /** Called once with the outcome of each exchange that the gate saw. Default: nobody. */
  onOutcome?: ((outcome: Outcome) => void) | undefined
  /**
   * Gets one structured line for each outcome. Default: the framework's own logger where it has one
   * (Fastify's `request.log`), else nobody.
   */
  logger?: Logger | undefined
}

/**
 * How long a refused connection is read and discarded, so that the answer arrives before the close
 * (RFC 9112 section 9.6, R28). Whichever bound is reached first ends it. Bounds of time are looked at
 * for all connections together, at most every 50 milliseconds.
 */
export interface LingerOptions {
  /** Milliseconds without a byte. Default 2000, as Apache: a client that reads is done by then. */
  idleMs?: number | undefined
  /** Milliseconds altogether. Default 30000, as nginx and Apache. */
  totalMs?: number | undefined
  /** Content to discard, in bytes or as a size. Default 64 MiB: bounds what a refusal can cost. */
  maxBytes?: number | string | undefined
  /**
   * Connections that linger at a time; beyond it the one that has lingered longest is closed, with 0 none lingers.
   * Default 1000.
   */
  maxConcurrent?: number | undefined
}
