// The content of a request, from the client to whichever upstream takes it. Laws:
// - nothing is read before somebody takes it: reading spends the request
// - what is read is written at once, or not read on: nothing is collected but the few bytes that were
//   asked to be kept, so that an upstream that breaks off can be replaced
// - content that was cut never looks whole: the upstream's request is ended only by the client's end

import type { Readable } from 'node:stream'
import { passedTrailers } from '../fields/answer-fields.js'
import type { UpstreamCall } from '../upstream/upstream.js'

/** Where content comes from: Node's request, or any stream, whose end is then taken at its word. */
export type ContentSource = Readable & {
  readonly complete?: boolean
  readonly aborted?: boolean
  readonly rawTrailers?: readonly string[]
}

export interface ContentListener {
  /** Bytes were read and written. */
  moved(): void
  /** All content was handed over. */
  ended(): void
  /** None will come any more: the client left, or the content was refused while it came. */
  failed(error: Error | undefined): void
}

/** The content is not as long as its head says: what is too much would stand for another request. */
export class LengthMismatch extends Error {
  constructor(declared: number, bytes: number) {
    super(`The content has ${bytes} bytes, and ${declared} were declared.`)
  }
}

export class Content {
  /** Bytes read from the client. */
  readBytes = 0
  /** Bytes handed to upstreams, every attempt counted. */
  sentBytes = 0
  #sink: UpstreamCall | undefined
  #kept: Uint8Array[] | undefined
  #listening = false
  #ended = false
  #failed = false
  #waitsForUpstream = false

  constructor(
    private readonly source: ContentSource,
    private readonly listener: ContentListener,
    private readonly mostKept: number,
    /** Declared; Node's parser sees to it for its own requests, nobody for a stream. */
    private readonly length?: number,
  ) {
    if (mostKept > 0) this.#kept = []
  }

  /** All that was read can be sent again. */
  get repeatable(): boolean {
    return this.readBytes === 0 || this.#kept !== undefined
  }

  /** Its end was handed over to the upstream that takes it now. */
  get handedOver(): boolean {
    return this.#ended && this.#sink !== undefined
  }

  /** Who keeps the content from moving: an upstream that takes nothing, or a client that sends nothing. */
  get waitsForUpstream(): boolean {
    return this.#waitsForUpstream
  }

  /**
   * Lets an upstream take it, from the beginning. Content that is there goes out with the head; when it
   * is late the head goes alone, as the upstream may answer it.
   */
  sendTo(sink: UpstreamCall): void {
    this.#sink = sink
    if (this.readBytes === 0 && this.source.readableLength === 0) {
      setImmediate(() => {
        if (this.#sink === sink && this.readBytes === 0 && !this.#ended) sink.flush()
      })
    }
    let free = true
    for (const chunk of this.#kept ?? []) free = this.#write(sink, chunk)
    if (this.#ended) {
      this.#finish()
      return
    }
    this.#waitsForUpstream = !free
    if (!this.#listening) this.#listen()
    if (free) this.source.resume()
    else this.source.pause()
  }

  /** The upstream takes more. */
  drained(): void {
    if (!this.#waitsForUpstream || this.#sink === undefined) return
    this.#waitsForUpstream = false
    this.source.resume()
  }

  /** The upstream is gone; another one may come. */
  pause(): void {
    this.#sink = undefined
    if (this.#listening && !this.#ended) this.source.pause()
  }

  /** Nothing is read any more. What still comes is left to whoever looks after the connection. */
  stop(): void {
    this.pause()
    this.#kept = undefined
    if (!this.#listening || this.#ended) return
    this.source.off('data', this.#take)
    this.source.off('end', this.#end)
  }

  #listen(): void {
    this.#listening = true
    this.source.on('data', this.#take)
    this.source.on('end', this.#end)
  }

  /** Told of by whoever listens for errors of the request from its beginning. */
  fail(error: Error | undefined): void {
    if (this.#ended || this.#failed) return
    this.#failed = true
    this.listener.failed(error)
  }

  readonly #take = (chunk: Uint8Array): void => {
    this.readBytes += chunk.byteLength
    if (this.length !== undefined && this.readBytes > this.length) {
      this.stop()
      this.fail(new LengthMismatch(this.length, this.readBytes))
      return
    }
    this.#keep(chunk)
    const sink = this.#sink
    if (sink === undefined) return
    if (!this.#write(sink, chunk)) {
      this.#waitsForUpstream = true
      this.source.pause()
    }
    this.listener.moved()
  }

  readonly #end = (): void => {
    if (this.source.complete === false || this.source.aborted === true) {
      this.fail(undefined)
      return
    }
    if (this.length !== undefined && this.readBytes < this.length) {
      this.fail(new LengthMismatch(this.length, this.readBytes))
      return
    }
    this.#ended = true
    this.#finish()
  }

  #write(sink: UpstreamCall, chunk: Uint8Array): boolean {
    this.sentBytes += chunk.byteLength
    return sink.write(chunk)
  }

  #keep(chunk: Uint8Array): void {
    if (this.#kept === undefined) return
    if (this.readBytes > this.mostKept) this.#kept = undefined
    else this.#kept.push(chunk)
  }

  #finish(): void {
    if (this.#sink === undefined) return
    this.#sink.end(passedTrailers(this.source.rawTrailers ?? []))
    this.listener.ended()
  }
}
