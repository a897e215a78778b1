// One upload to S3: where it goes, what ends it before its time, and how long the storage may be silent.

import type { ChecksumAlgorithm, Measure } from '../checksum.js'
import { ContentBody } from '../content/content-body.js'
import type { Content } from '../content/content-of.js'
import type { Conditions } from './conditions.js'
import { silent } from './relay.js'
import type { Input, S3 } from './sdk.js'

export interface Destination {
  readonly s3: S3
  /** What the application adds to the object: its type, its metadata, its encryption. */
  readonly input: Input
  readonly bucket: string
  readonly key: string
  /** What has the key now must meet them. */
  readonly conditions: Conditions
  readonly partBytes: number
  readonly idleTimeoutMs: number
  readonly checksum: ChecksumAlgorithm | undefined
}

export interface StoredObject {
  readonly key: string
  readonly bytes: number
  readonly etag?: string
  readonly versionId?: string
  /** Hexadecimal, when `checksum` asked for it. */
  readonly checksum?: string
}

/** A content that is on its way; `signal` ends it with the reason to throw. */
export class Transfer {
  readonly signal: AbortSignal
  readonly #stop = new AbortController()
  readonly #content: Content
  readonly #idleTimeoutMs: number
  readonly #over: () => void
  #timer: NodeJS.Timeout | undefined

  constructor(content: Content, idleTimeoutMs: number) {
    this.#content = content
    this.#idleTimeoutMs = idleTimeoutMs
    this.signal = this.#stop.signal
    const leave = (): void => this.fail(content.signal.reason)
    if (content.signal.aborted) leave()
    content.signal.addEventListener('abort', leave)
    this.#over = () => content.signal.removeEventListener('abort', leave)
  }

  /** From now on the storage has to take content, or answer, within the time. */
  watch(): void {
    const { body } = this.#content
    if (body instanceof ContentBody) body.tap(() => this.#timer?.refresh())
    this.#timer = setTimeout(() => this.#idle(), this.#idleTimeoutMs)
    this.#timer.unref()
  }

  /** The promise, or the reason for the end as soon as there is one. What is late is dropped. */
  async whileItLasts<Value>(promise: Promise<Value>): Promise<Value> {
    promise.catch(() => undefined)
    const { signal } = this
    signal.throwIfAborted()
    let leave: () => void = () => undefined
    const ended = new Promise<never>((_resolve, reject) => {
      leave = () => reject(signal.reason)
      signal.addEventListener('abort', leave)
    })
    try {
      return await Promise.race([promise, ended])
    } finally {
      signal.removeEventListener('abort', leave)
    }
  }

  /** Ends it before its time. */
  fail(why: unknown): void {
    this.#stop.abort(why)
  }

  end(): void {
    this.#over()
    clearTimeout(this.#timer)
  }

  #idle(): void {
    const { body } = this.#content
    // How long a client may be silent is for the server to say.
    if (body instanceof ContentBody && body.waits) this.#timer?.refresh()
    else this.fail(silent())
  }
}

export function storedAs(
  { key }: Destination,
  answer: { text(field: string): string | undefined },
  measure: Measure,
): StoredObject {
  const etag = answer.text('ETag')
  const versionId = answer.text('VersionId')
  return {
    key,
    bytes: measure.bytes,
    ...(etag === undefined ? {} : { etag }),
    ...(versionId === undefined ? {} : { versionId }),
    ...measure.checksum(),
  }
}
