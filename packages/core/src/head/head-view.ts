// The head of a request as checks see it: the plain data, and what is asked of it most. Law: it says
// nothing that the plain data does not say; what is read with care elsewhere is read the same way here.

import { parseFraming } from './framing.js'
import {
  fieldValue,
  type HeaderFields,
  type HttpVersion,
  type RequestHead,
} from './request-head.js'

/** A read-only view of a request before any of its content. */
export interface HeadView extends RequestHead {
  /**
   * Content bytes that the head announces: 0 for none, `undefined` for an unknown amount (chunked, or
   * an HTTP/2 stream without `Content-Length`; RFC 9112 section 6).
   */
  readonly contentLength: number | undefined
  /** The media type without parameters, in lower case; `undefined` without `Content-Type`. */
  readonly contentType: string | undefined
  /**
   * A field by its name, in any case (RFC 9110 section 5.1); several lines combine with commas.
   * `undefined` when the head has none.
   */
  field(name: string): string | undefined
}

/** The view of a head; the head itself when it is one. */
export function viewOf(head: RequestHead): HeadView {
  return head instanceof View ? head : new View(head)
}

class View implements HeadView {
  readonly method: string
  readonly target: string
  readonly version: HttpVersion
  readonly headers: HeaderFields
  declare readonly endStream?: boolean
  declare readonly fieldsDropped?: boolean

  constructor(head: RequestHead) {
    this.method = head.method
    this.target = head.target
    this.version = head.version
    this.headers = head.headers
    if (head.endStream !== undefined) this.endStream = head.endStream
    if (head.fieldsDropped !== undefined) this.fieldsDropped = head.fieldsDropped
  }

  get contentLength(): number | undefined {
    const framing = parseFraming(this)
    if (framing.kind === 'none') return 0
    return framing.kind === 'length' ? framing.bytes : undefined
  }

  get contentType(): string | undefined {
    return this.field('content-type')?.split(';', 1)[0]?.trim().toLowerCase() || undefined
  }

  field(name: string): string | undefined {
    const key = name.toLowerCase()
    // `headers` may inherit from Object: "constructor" is no field.
    return Object.hasOwn(this.headers, key) ? fieldValue(this.headers[key]) : undefined
  }
}
