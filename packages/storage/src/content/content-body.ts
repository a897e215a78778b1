// The content of a request as a stream that anybody may have. Laws:
// - it reads from the request only when it is read, so a 100 goes out no earlier, and it holds no more
//   than its high-water mark and one chunk
// - it never emits an error: an SDK may hand errors on to streams where nobody listens. Content that
//   will not be whole is told by `onFailure`, and the stream is destroyed
// - what has to match a digest comes to its end only when it does: the last chunk is held back
// - a request has one reader: two would get a part each, and neither would know

import { constants, Http2ServerRequest } from 'node:http2'
import { Readable } from 'node:stream'
import { isRefusal } from '@expectation/core'
import { cutOff } from '../refusals.js'
import type { Digests } from './digests.js'
import { readBefore, type Spoilt } from './read-before.js'
import type { UploadRequest } from './upload-messages.js'

export interface ContentFacts {
  /** Bytes; `undefined` when the head does not tell. */
  readonly length: number | undefined
  readonly digests: Digests | undefined
  /** Called at most once, before the stream is destroyed. */
  readonly onFailure: (why: Error) => void
}

/** Who has begun to read a request, however far it came. */
const readers = new WeakMap<UploadRequest, ContentBody>()

export class ContentBody extends Readable {
  readonly #request: UploadRequest
  readonly #facts: ContentFacts
  readonly #taps: ((chunk: Uint8Array) => void)[] = []
  #begun = false
  #received = 0
  #whole = false
  #held: Buffer | undefined

  constructor(request: UploadRequest, facts: ContentFacts) {
    super({ highWaterMark: 65_536 })
    this.#request = request
    this.#facts = facts
    if (facts.length === 0) this.#whole = true
    // Without a listener Node would throw it; whoever reads learns by `onFailure` instead.
    request.on('error', (error: unknown) =>
      this.fail(isRefusal(error) ? error : this.#endedEarly(error)),
    )
    request.once('close', () => this.fail(this.#endedEarly()))
  }

  /** All of the content has come and is what it was said to be. */
  get whole(): boolean {
    return this.#whole
  }

  /** Whether it is the client that is waited for. */
  get waits(): boolean {
    return !this.#whole && this.#request.readableFlowing === true
  }

  /** Sees each chunk before whoever reads does. */
  tap(see: (chunk: Uint8Array) => void): void {
    this.#taps.push(see)
  }

  /** The content will not be whole. */
  fail(why: Error): void {
    if (this.#whole || this.destroyed) return
    this.#facts.onFailure(why)
    this.destroy()
  }

  override _read(): void {
    if (this.#facts.length === 0) {
      this.push(null)
      return
    }
    if (this.#whole) return
    if (!this.#begun) {
      // It was free when this stream was made; whoever waits before reading may come second.
      const spoilt = this.#isTaken ? 'read' : spoiltBy(this.#request)
      if (spoilt !== undefined) {
        this.fail(readBefore(spoilt))
        return
      }
      this.#begun = true
      readers.set(this.#request, this)
      this.#request.on('data', this.#take)
      this.#request.once('end', this.#end)
    }
    this.#request.resume()
  }

  override _destroy(error: Error | null, callback: (error?: Error | null) => void): void {
    this.#request.off('data', this.#take)
    this.#request.off('end', this.#end)
    if (this.#begun && !this.#whole) this.#request.pause()
    this.#held = undefined
    callback(error)
  }

  get #isTaken(): boolean {
    const reader = readers.get(this.#request)
    return reader !== undefined && reader !== this
  }

  /** To one who comes second the request ends because somebody else has read it. */
  #endedEarly(cause?: unknown): Error {
    const byOthers = this.#isTaken || (!this.#begun && this.#request.readableEnded)
    return byOthers ? readBefore('read') : cutOff(cause)
  }

  readonly #take = (chunk: Buffer): void => {
    this.#received += chunk.length
    const { digests } = this.#facts
    digests?.update(chunk)
    for (const see of this.#taps) see(chunk)
    const passed = digests === undefined ? chunk : this.#held
    if (digests !== undefined) this.#held = chunk
    if (passed !== undefined && !this.push(passed)) this.#request.pause()
  }

  // A stream may end early without an error; the message itself knows whether it is whole.
  readonly #end = (): void => {
    const { length, digests } = this.#facts
    const isShort = length !== undefined && length !== this.#received
    const fault = isShort || !messageIsWhole(this.#request) ? cutOff() : digests?.fault()
    if (fault !== undefined) {
      this.fail(fault)
      return
    }
    this.#whole = true
    if (this.#held !== undefined) this.push(this.#held)
    this.push(null)
  }
}

/** What somebody else has done to content that it cannot be had as it was sent; `undefined` when nothing. */
export function spoiltBy(request: UploadRequest): Spoilt | undefined {
  // Where it flows, it goes to somebody else, or nowhere, while a store is still looking at its disk.
  if (request.readableDidRead || request.readableFlowing === true) return 'read'
  return request.readableEncoding === null ? undefined : 'text'
}

/**
 * An HTTP/2 stream that was reset ends without an error, too, and the code of the reset may be NO_ERROR.
 */
function messageIsWhole(request: UploadRequest): boolean {
  if (!(request instanceof Http2ServerRequest)) return request.complete
  const { stream } = request
  if (stream.aborted || stream.rstCode !== constants.NGHTTP2_NO_ERROR) return false
  return !stream.closed || stream.writableEnded
}
