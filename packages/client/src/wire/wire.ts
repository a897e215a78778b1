// One request on one connection, whichever HTTP it speaks: what an attempt may do with it, and what it
// tells. Every event may come at any time; after `destroy()` none does that matters.
import type { Agent } from 'node:http'
import type { Readable } from 'node:stream'
import type { UploadErrorCode } from '../errors.js'
import type { Fields } from '../fields.js'

export interface RequestPlan {
  readonly url: URL
  readonly method: string
  /** All but those that make the framing: `Content-Length`, `Transfer-Encoding`, `Expect`. */
  readonly fields: Fields
  /** `undefined`: of unknown length. */
  readonly contentLength: number | undefined
  readonly asks: boolean
  readonly agent: Agent
}

export interface AnswerHead {
  readonly status: number
  readonly statusText: string
  readonly fields: Fields
}

export interface AnswerContent {
  readonly stream: Readable
  /** Asked when the stream has ended: did the answer come to the end that its framing gives it? */
  isWhole(): boolean
}

export interface WireEvents {
  /**
   * The connection stands, TLS included.
   *
   * @param asked - The head asks. It cannot where an agent has written it already.
   */
  connected(protocol: 'http/1.1' | 'h2', asked: boolean): void
  continued(): void
  information(head: AnswerHead): void
  answered(head: AnswerHead, content: AnswerContent): void
  /** Said before `failed`: the server has done nothing with the request, and never will. */
  untouched(): void
  /** @param code - Default: by the error, and by how far it had come. */
  failed(error: unknown, code?: UploadErrorCode): void
  /** Nothing more will come; said after every end. */
  closed(): void
}

/** Where nothing tells that part of a piece has left: its last byte has to leave within `idleTimeoutMs`. */
export const UNSEEN_PIECE_BYTES = 262_144

export interface Wire {
  /** Of content that is written at once. */
  readonly largestPieceBytes: number
  /** `done` when the bytes have left, or cannot. At most one piece at a time. */
  write(piece: Uint8Array, done: (error?: Error | null) => void): void
  /** The last piece, or none. */
  end(piece: Uint8Array | undefined, done: () => void): void
  /** How many bytes of the piece that is being written have left already, of `bytes` in all. */
  leftOf(bytes: number): number
  /** Does it wait until other requests leave a connection to it? */
  readonly queued: boolean
  /** Nothing moved for too long: whoever comes later uses another connection. */
  distrust(): void
  /** The connection, or the stream of HTTP/2, is not used again. */
  destroy(): void
}
