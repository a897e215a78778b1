// Where the pieces of content come from, one at a time: nothing is read before `next()` is called, and
// nothing more is taken after `stop()`.
import { Readable } from 'node:stream'
import { isAnyArrayBuffer } from 'node:util/types'

export interface Source {
  /** Was something taken, or may it have been? What was is lost to the next attempt, unless it can be had again. */
  readonly begun: boolean
  /** The next piece, or `undefined` at the end. */
  next(): Promise<Uint8Array | undefined>
  /** No more is wanted. Never throws; what reading would still say is dropped. */
  stop(): void
}

/**
 * One piece. A stream of objects may hold anything.
 *
 * @param encoding - what a stream has made its strings with
 */
export function pieceOf(value: unknown, encoding: BufferEncoding | null = null): Uint8Array {
  if (typeof value === 'string') return Buffer.from(value, encoding ?? 'utf8')
  if (value instanceof Uint8Array) return value
  // Of any realm, and shared ones, too.
  if (isAnyArrayBuffer(value)) return new Uint8Array(value)
  if (ArrayBuffer.isView(value)) {
    return new Uint8Array(value.buffer, value.byteOffset, value.byteLength)
  }
  throw new TypeError(
    `The body gave ${value === null ? 'null' : `a value of type ${typeof value}`}, not bytes`,
  )
}

export function sourceOfBytes(bytes: Uint8Array): Source {
  let left: Uint8Array | undefined = bytes
  return {
    begun: true,
    async next() {
      const piece = left
      left = undefined
      return piece
    },
    stop() {
      left = undefined
    },
  }
}

const SLICE_BYTES = 1_048_576

export function sourceOfBlob(blob: Blob): Source {
  let offset = 0
  return {
    begun: true,
    async next() {
      if (offset >= blob.size) return undefined
      const piece = await blob.slice(offset, offset + SLICE_BYTES).arrayBuffer()
      offset += piece.byteLength
      return new Uint8Array(piece)
    },
    stop() {
      offset = blob.size
    },
  }
}

export function sourceOfIterator(iterator: AsyncIterator<unknown> | Iterator<unknown>): Source {
  let over = false
  return {
    begun: true,
    async next() {
      const { done, value } = await iterator.next()
      over ||= done === true
      return done === true ? undefined : pieceOf(value)
    },
    stop() {
      if (over) return
      over = true
      // A generator that is waiting itself answers only later, or never; nobody waits for it.
      Promise.resolve()
        .then(() => iterator.return?.())
        .catch(() => undefined)
    },
  }
}

export function sourceOfWebStream(stream: ReadableStream<unknown>): Source {
  // By `Reflect`, since the types of Node know its own streams only.
  const wasRead: unknown = Reflect.apply(Readable.isDisturbed, undefined, [stream])
  const reader = stream.getReader()
  let isFirst = true
  return {
    begun: true,
    async next() {
      const { done, value } = await reader.read()
      // Only reading tells one that was read to its end from one whose beginning was.
      if (done && isFirst && wasRead === true)
        throw new Error('The body was read before, to its end')
      isFirst = false
      return done ? undefined : pieceOf(value)
    },
    stop() {
      reader.cancel().catch(() => undefined)
    },
  }
}

/** What has become of a stream, watched from the beginning without reading it. */
export class StreamState {
  error: unknown
  ended = false
  closed = false

  constructor(readonly stream: Readable) {
    stream.on('error', (error: unknown) => {
      this.error ??= error
    })
    stream.once('end', () => {
      this.ended = true
    })
    stream.once('close', () => {
      this.closed = true
    })
  }
}

/**
 * Reads by `read()` and `readable`, and leaves no listener behind: a request of a server whose answer
 * is still owed must be able to flow again.
 */
export function sourceOfStream(state: StreamState): Source {
  const { stream } = state
  let wake: () => void = () => undefined
  const onChange = (): void => wake()
  const events = ['readable', 'end', 'close', 'error'] as const
  for (const event of events) stream.on(event, onChange)
  let begun = false
  let stopped = false
  return {
    /** What a stream has not given it still holds. */
    get begun() {
      return begun
    },
    async next() {
      for (;;) {
        // What is left is for whoever comes next.
        if (stopped) return undefined
        if (state.error !== undefined) throw state.error
        const value: unknown = stream.read()
        if (value !== null) {
          begun = true
          return pieceOf(value, stream.readableEncoding)
        }
        if (state.ended) return undefined
        if (state.closed || stream.destroyed) throw new Error('The body closed before its end')
        await new Promise<void>((resolve) => {
          wake = resolve
        })
      }
    },
    stop() {
      stopped = true
      for (const event of events) stream.removeListener(event, onChange)
    },
  }
}
