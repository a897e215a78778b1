// Content for code that cannot be trusted with a request. The stream of a request errors when the client
// leaves; an SDK that has it hands the error on to a stream where nobody listens, which ends the process,
// or takes no notice, and waits for ever.

import { Http2ServerRequest } from 'node:http2'
import type { Readable } from 'node:stream'
import { parseFraming } from '@expectation/core'
import { cutOff } from '../refusals.js'
import { ContentBody, spoiltBy } from './content-body.js'
import { Digests } from './digests.js'
import { checkMessages } from './messages.js'
import { readBefore } from './read-before.js'
import type { UploadRequest, UploadResponse } from './upload-messages.js'

/** The content of one request, and what is known of it. */
export interface Content<Request extends UploadRequest = UploadRequest> {
  /**
   * The bytes. Reads from the request only when it is read, holds 64 KiB and what one read of the
   * socket brought, and never emits an error: when the content will not be whole it is destroyed,
   * after `signal` has told why.
   */
  readonly body: Readable
  /**
   * Aborted when the content will not be whole: the client has left, or the content went over a limit
   * or is not what its `Content-Digest` says. The reason is the `Refusal` to throw; the `Error` with the
   * code `ERR_EXPECTATION_CONTENT_READ` when somebody else has begun to read it meanwhile. A client that
   * leaves after its content was whole changes nothing.
   */
  readonly signal: AbortSignal
  /** Bytes that the head announces; `undefined` when it does not tell. */
  readonly length: number | undefined
  /** The request that it is the content of. */
  readonly request: Request
}

/**
 * The content of a request, for an SDK or any other code that takes a stream and a signal.
 *
 * `Content-Digest` and `Repr-Digest` of the request (RFC 9530) are compared as the content passes; what
 * does not match never comes to its end.
 *
 * @throws `Refusal` 400 when such a field cannot be read, or no content is announced and the field is of
 * some; `Error` with the code `ERR_EXPECTATION_CONTENT_READ` when somebody has read the content before, or
 * reads it; `OptionError` when it is given anything but Node's request and its response.
 *
 * @example
 * const { body, signal, length } = contentOf(req, res)
 * await s3.send(new PutObjectCommand({ Bucket, Key, Body: body, ContentLength: length }), { abortSignal: signal })
 */
export function contentOf<Request extends UploadRequest>(
  request: Request,
  response: UploadResponse,
): Content<Request> {
  checkMessages('contentOf', request, response)
  const length = lengthOf(request)
  const spoilt = length === 0 ? undefined : spoiltBy(request)
  if (spoilt !== undefined) throw readBefore(spoilt)
  const digests = Digests.of(request)
  // Nothing will come, so what it hashes to is known from the head.
  const fault = length === 0 ? digests?.fault() : undefined
  if (fault !== undefined) throw fault
  const left = new AbortController()
  const body = new ContentBody(request, {
    length,
    digests,
    onFailure: (why) => left.abort(why),
  })
  // Whoever abandoned the request stream before has taken its events; the response still has its own.
  response.once('close', () => {
    if (!response.writableFinished) body.fail(cutOff())
  })
  if (request.destroyed || response.destroyed) body.fail(cutOff())
  return { body, signal: left.signal, length, request }
}

function lengthOf(request: UploadRequest): number | undefined {
  const { method = 'PUT', url: target = '/', headers } = request
  const framing = parseFraming(
    request instanceof Http2ServerRequest
      ? { method, target, version: '2.0', headers, endStream: request.stream.endAfterHeaders }
      : { method, target, version: '1.1', headers },
  )
  if (framing.kind === 'none') return 0
  return framing.kind === 'length' ? framing.bytes : undefined
}
