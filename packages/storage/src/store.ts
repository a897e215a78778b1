// What toS3 and toDisk give: a function that stores the content of one request. Laws:
// - what can be known from the head is refused before anything is read
// - whatever ends it, the content is not read any further, and why it ended is what is thrown
// - content is stored once: a second reader would get a part of it, or nothing, and store that

import { OptionError, Refusal } from '@expectation/core'
import { ContentBody } from './content/content-body.js'
import { type Content, contentOf } from './content/content-of.js'
import { readBefore } from './content/read-before.js'
import type { UploadRequest, UploadResponse } from './content/upload-messages.js'

/**
 * Stores the content of a request, and resolves when it is stored. Answering is yours: this writes
 * nothing to the client.
 *
 * @throws `Refusal` for everything that the client should know, made to be thrown on to the error
 * handler; anything else is a fault of the service.
 */
export interface Store<Request extends UploadRequest, Stored> {
  (request: Request, response: UploadResponse): Promise<Stored>
  /** What `contentOf` gave, unread. */
  (content: Content<Request>): Promise<Stored>
}

/** A text, or what finds it for each request. */
export type Named<Request> = string | ((request: Request) => string | Promise<string>)

export function storing<Request extends UploadRequest, Stored>(
  subject: string,
  run: (content: Content<Request>) => Promise<Stored>,
): Store<Request, Stored> {
  return async (...given: readonly [Request, UploadResponse] | readonly [Content<Request>]) => {
    // Express would give `next`, and wait for an answer that never comes.
    if (given.length > 2) throw misused(subject, given)
    const content = given.length === 2 ? contentOf(given[0], given[1]) : claimed(subject, given[0])
    try {
      refusePartial(content.request)
      return await run(content)
    } catch (error) {
      throw content.signal.aborted ? content.signal.reason : error
    } finally {
      content.body.destroy()
    }
  }
}

/** Never rejects with anything but what `named` throws; its value is for the caller to check. */
export async function nameFor<Request>(named: Named<Request>, request: Request): Promise<unknown> {
  return typeof named === 'function' ? await named(request) : named
}

// A part would be stored as if it were the whole (RFC 9110 section 14.5).
function refusePartial({ headers }: UploadRequest): void {
  if (headers['content-range'] === undefined) return
  throw new Refusal(400, { details: 'Send the whole content, without Content-Range.' })
}

/** Bodies that a store has, or has had. */
const stored = new WeakSet<ContentBody>()

function claimed<Request extends UploadRequest>(
  subject: string,
  content: Content<Request> | undefined,
): Content<Request> {
  if (content === undefined || !isContent(content)) {
    throw new OptionError({
      option: `${subject}().content`,
      received: content,
      remedy: 'Give a request and its response, or what contentOf() of this package gave.',
    })
  }
  const { body, signal } = content
  signal.throwIfAborted()
  if (stored.has(body) || body.readableDidRead) throw readBefore('given')
  stored.add(body)
  return content
}

function isContent<Request extends UploadRequest>(
  content: Content<Request> | null,
): content is Content<Request> & { readonly body: ContentBody } {
  return content?.body instanceof ContentBody && content.signal !== undefined
}

function misused(subject: string, given: readonly unknown[]): OptionError {
  return new OptionError({
    option: `${subject}().next`,
    received: given[2],
    remedy: `${subject}() stores and does not answer, so it is no middleware. Call it from your handler: const stored = await store(req, res)`,
  })
}

/** `If-None-Match: *`: only when nothing is stored there yet (RFC 9110 section 13.1.2). */
export function createsOnly({ headers }: UploadRequest): boolean {
  return headers['if-none-match']?.trim() === '*'
}
