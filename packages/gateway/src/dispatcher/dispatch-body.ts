// The content of a request in any of the forms that undici takes. A form becomes a stream of unknown
// length, and says its boundary in `Content-Type`.

import { IncomingMessage } from 'node:http'
import { Http2ServerRequest } from 'node:http2'
import { Readable } from 'node:stream'
import type { ReadableStream } from 'node:stream/web'
import { OptionError } from '@expectation/core'

/** `FormData`, of Node or of the undici package. */
export interface FormBody {
  entries(): Iterable<readonly [string, unknown]>
}

export type DispatchBody = string | Uint8Array | Readable | FormBody | null | undefined

/** What Node writes, and `Content-Type` when the content knows it. */
export interface SentBody {
  readonly body: string | Uint8Array | Readable | undefined
  readonly type?: string | undefined
}

/** A request that a server got, over HTTP/2 by Node's compatibility layer, which has the same interface. */
export function isMessage(body: SentBody['body']): body is IncomingMessage {
  return body instanceof IncomingMessage || body instanceof Http2ServerRequest
}

/**
 * No bytes are no content, and no body here.
 *
 * @throws OptionError - `body` is nothing that can be sent.
 */
export function bodyOf(body: DispatchBody): SentBody {
  if (body === undefined || body === null || body === '') return { body: undefined }
  if (body instanceof Uint8Array) return { body: body.byteLength === 0 ? undefined : body }
  if (typeof body === 'string' || body instanceof Readable) return { body }
  if (typeof body.entries === 'function' && !Array.isArray(body)) return encoded(body)
  const remedy = 'Give a string, a Uint8Array, a Readable, FormData, or null.'
  throw new OptionError({ option: 'body', received: body, remedy })
}

/** Copied, as that of the undici package is no `FormData` to Node. */
function encoded(form: FormBody): SentBody {
  const copy = new FormData()
  for (const [name, value] of form.entries()) {
    if (value instanceof Blob) copy.append(name, value, nameOf(value))
    else copy.append(name, String(value))
  }
  const { body, headers } = new Response(copy)
  const type = headers.get('content-type') ?? undefined
  return { body: body === null ? undefined : Readable.fromWeb(body as ReadableStream), type }
}

function nameOf(file: Blob): string {
  return 'name' in file ? String(file.name) : 'blob'
}
