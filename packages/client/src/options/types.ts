// What `upload()` takes. Times are milliseconds, sizes bytes.
import type { Agent } from 'node:http'
import type { UploadResponse } from '../answer/response.js'
import type { Body } from '../content/body.js'
import type { FieldsInput } from '../fields.js'
import type { AttemptReport } from '../report.js'

export interface RetryOptions {
  /** How often to try in all; 1 is once. Default 5. Redirects, 401 and 417 are not counted. */
  readonly attempts?: number
  /** The first wait, in milliseconds. Default 200. */
  readonly minDelayMs?: number
  /** The longest wait, in milliseconds; an answer that asks for more is given back. Default 30000. */
  readonly maxDelayMs?: number
  /** How much longer each wait is than the one before. Default 2. */
  readonly factor?: number
  /** Wait anything from 0 to the whole ("full jitter"), so that clients do not return together. Default true. */
  readonly jitter?: boolean
}

export interface Progress {
  /** Content bytes that left in this attempt. */
  readonly sentBytes: number
  /** Content bytes in all, where known. */
  readonly contentBytes: number | undefined
  /** Which attempt, from 1 on. */
  readonly attempt: number
}

/** An interim response other than 100: 102, 103 Early Hints, 104 Upload Resumption Supported. */
export interface Information {
  readonly status: number
  readonly headers: Headers
}

export interface UploadOptions {
  /** Default `'PUT'`. */
  readonly method?: string
  readonly headers?: FieldsInput
  readonly body?: Body
  /** Bytes of the body. Found by itself for what lies in memory, `Blob`s, files and their streams. */
  readonly contentLength?: number
  /**
   * Ask with `Expect: 100-continue` before content is sent (RFC 9110 section 10.1.1). `'auto'`, the
   * default: from `expectFromBytes` on, unless the origin was silent or answered 417 within the last ten minutes.
   */
  readonly expect?: 'auto' | boolean
  /** Default `'64kb'`: below, asking costs more than it saves. Unknown length counts as large. */
  readonly expectFromBytes?: number | string
  /** How long to wait for a verdict before content is sent anyway. Default 1000, as curl, Go and .NET. */
  readonly continueTimeoutMs?: number
  /**
   * For DNS, TCP and TLS together. Not for the wait in an agent whose `maxSockets` are in use, or for a
   * stream of HTTP/2 where the server takes no more at once. Default 10000.
   */
  readonly connectTimeoutMs?: number
  /** No byte either way while content or the answer is on its way. Default 60000. */
  readonly idleTimeoutMs?: number
  /** From the last byte of content to the answer. Default 60000. */
  readonly responseTimeoutMs?: number
  /** `false` is one attempt. */
  readonly retry?: RetryOptions | false
  /** Statuses that are tried again. Default 408, 425, 429, 500, 502, 503, 504. */
  readonly retryOn?: readonly number[]
  /**
   * Called once when the answer is 401; the fields it gives are sent from then on. `undefined` gives the
   * 401 back. Waited for as long as for an answer.
   */
  readonly authorize?: (
    response: UploadResponse,
  ) => FieldsInput | undefined | Promise<FieldsInput | undefined>
  /** How many 307 and 308 to follow. Default 5; the next one is given back. */
  readonly redirects?: number
  /** For proxies, TLS options and pools of one's own. Default: kept connections that hear their peer out. */
  readonly agent?: Agent | { readonly http?: Agent; readonly https?: Agent }
  /** Ends every wait; `upload()` rejects with its reason. */
  readonly signal?: AbortSignal
  /** Called after each attempt, with what became of it. */
  readonly onAttempt?: (attempt: AttemptReport) => unknown
  /** Called as content leaves. */
  readonly onProgress?: (progress: Progress) => unknown
  /** Called for interim responses other than 100. */
  readonly onInformation?: (information: Information) => unknown
}
