// Errors of other libraries that name themselves by a code: what each means in our words.
// Their own messages are not shown where they quote what the client sent (body-parser names the
// charset, JSON.parse quotes the content): law 9.

import { isRefusal, type Refusal } from './refusal.js'
import { property, stringProperty } from './thrown.js'

export interface KnownError {
  readonly status: number
  /** Default: the reason of the status. */
  readonly reason?: string
  /** Shown in place of the error's own message. Default: the error's own, if it may be shown. */
  readonly message?: string
}

const CONTENT_TOO_LARGE: KnownError = { status: 413, message: 'Content Too Large' }
const UNSUPPORTED_TYPE: KnownError = { status: 415, message: 'Unsupported Media Type' }

// body-parser, raw-body and what builds on them, by `type`.
const BODY_PARSER: ReadonlyMap<string, KnownError> = new Map([
  ['entity.too.large', CONTENT_TOO_LARGE],
  ['encoding.unsupported', { ...UNSUPPORTED_TYPE, reason: 'unsupported_content_coding' }],
  ['charset.unsupported', { ...UNSUPPORTED_TYPE, reason: 'unsupported_media_type' }],
  ['parameters.too.many', { status: 413, message: 'Too many parameters' }],
  ['querystring.parse.rangeError', { status: 400, message: 'The content is nested too deeply' }],
  ['entity.parse.failed', { status: 400, message: 'The content could not be parsed' }],
  ['entity.verify.failed', { status: 403, message: 'The content could not be verified' }],
  ['request.aborted', { status: 400, message: 'The request was aborted' }],
  ['request.size.invalid', { status: 400, message: 'The content did not match its length' }],
])

// Fastify, by `code`; its other codes carry a status and a message that is fit to show.
const FASTIFY: ReadonlyMap<string, KnownError> = new Map([
  ['FST_ERR_CTP_BODY_TOO_LARGE', CONTENT_TOO_LARGE],
  ['FST_ERR_CTP_INVALID_MEDIA_TYPE', UNSUPPORTED_TYPE],
  [
    'FST_ERR_CTP_INVALID_CONTENT_LENGTH',
    { status: 400, message: 'The content did not match its length' },
  ],
  ['FST_ERR_CTP_INVALID_JSON_BODY', { status: 400, message: 'The content could not be parsed' }],
  ['FST_ERR_NOT_FOUND', { status: 404, message: 'Not Found' }],
])

const UNREADABLE: KnownError = { status: 400, message: 'The content could not be parsed' }

// busboy and @fastify/busboy, on which multer and @fastify/multipart stand, give their errors neither
// a code nor a status. Multipart that is cut short or has no boundary is the client's mistake.
const BUSBOY: ReadonlySet<string> = new Set([
  'Malformed content type',
  'Malformed part header',
  'Malformed urlencoded form',
  'Missing Content-Type',
  'Missing Content-Type-header',
  'Multipart: Boundary not found',
  'Part terminated early due to unexpected end of multipart data',
  'Unexpected end of file',
  'Unexpected end of form',
  'Unexpected end of multipart data',
])

const MULTER_NOT_TOO_LARGE = new Set(['LIMIT_UNEXPECTED_FILE'])

/**
 * The refusal that an error is, or was made of: @fastify/reply-from puts what broke a request off into an error of
 * its own, a limit that was passed while content came.
 */
export function refusalIn(thrown: unknown): Refusal | undefined {
  if (isRefusal(thrown)) return thrown
  if (stringProperty(thrown, 'code') !== 'FST_REPLY_FROM_INTERNAL_SERVER_ERROR') return undefined
  const cause = property(thrown, 'cause')
  return isRefusal(cause) ? cause : undefined
}

/** Recognizes an error by its code, or not at all. Never throws. */
export function recognize(thrown: unknown): KnownError | undefined {
  const code = stringProperty(thrown, 'code') ?? ''
  return (
    BODY_PARSER.get(stringProperty(thrown, 'type') ?? '') ??
    FASTIFY.get(code) ??
    (stringProperty(thrown, 'name') === 'MulterError' ? ofMulter(thrown, code) : undefined) ??
    ofBusboy(thrown)
  )
}

// Sizes and counts are limits on the content; a file in a field that takes none is a mistake in it.
// multer sets no status, so without this each of its errors would be a 500. Its messages are a fixed
// table of words to clients.
function ofMulter(thrown: unknown, code: string): KnownError {
  const status = code.startsWith('LIMIT_') && !MULTER_NOT_TOO_LARGE.has(code) ? 413 : 400
  const message = stringProperty(thrown, 'message')
  return { status, ...(message && { message }) }
}

function ofBusboy(thrown: unknown): KnownError | undefined {
  if (property(thrown, 'status') !== undefined || property(thrown, 'code') !== undefined) return
  const message = stringProperty(thrown, 'message') ?? ''
  // The type that the client sent stands behind it.
  if (message.startsWith('Unsupported content type: ')) return UNSUPPORTED_TYPE
  return BUSBOY.has(message) ? UNREADABLE : undefined
}
