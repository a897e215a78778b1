// What can be sent as content.
import type { Readable } from 'node:stream'

/** Bytes, or text that is sent as UTF-8. */
type Piece = string | ArrayBuffer | SharedArrayBuffer | NodeJS.ArrayBufferView

/** What a function that makes a body may give: no list, which is more likely meant as JSON. */
export type Produced =
  | Piece
  | Blob
  | Readable
  | ReadableStream
  | AsyncIterable<Piece>
  | (Iterable<Piece> & { readonly length?: never })

/**
 * Content. Bytes in memory, a `Blob`, a form, a `file:` URL and a function that gives it anew each time can be
 * had again, and so can be repeated at any time. A stream cannot: it is repeated only as long as nothing of it
 * was read.
 *
 * A form says its own `Content-Type`, as in `fetch`. The blobs in a `FormData` are read when they are sent.
 */
export type Body =
  | Produced
  | FormData
  | URLSearchParams
  | URL
  | (() => Produced | Promise<Produced>)
  | undefined
  | null
