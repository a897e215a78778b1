// The answer as a `Response`. Making the body and the headers of one costs more than a small exchange
// over a kept connection, so both are made when they are first asked for.
import type { Fields } from '../fields.js'
import type { UploadReport } from '../report.js'
import type { AnswerHead } from '../wire/wire.js'
import type { AnswerBody } from './answer-body.js'

/** What `upload()` gives: a `Response` as `fetch` gives it, with the report of the upload. */
export interface UploadResponse extends Response {
  /** What was sent, attempt by attempt. */
  readonly upload: UploadReport
}

export interface Answer {
  readonly head: AnswerHead
  readonly body: AnswerBody
  readonly url: string
  readonly redirected: boolean
  readonly upload: UploadReport
}

/** RFC 9110 section 6.4.1: these never have content. */
const NULL_BODY: ReadonlySet<number> = new Set([204, 205, 304])

interface State {
  readonly answer: Answer
  headers?: Headers
  /** Once a stream was asked for, a Response of the platform holds the content. */
  platform?: Response
  used?: boolean
}

/** Every member of `Response.prototype` that has content behind it is defined again below. */
class LazyResponse {
  readonly #state: State

  constructor(state: State) {
    this.#state = state
  }

  static stateOf(response: object): State {
    if (#state in response) return response.#state
    throw new TypeError('Illegal invocation: not a response of upload()')
  }
}

const { stateOf } = LazyResponse

/**
 * It is a `Response` without having been made as one: that would make a body and headers first. To name
 * `Response` makes Node load all of its `fetch`, over 1 MB of heap, so not before there is an answer:
 * whoever imports this package for a socket alone never needs it.
 */
function inheritFromResponse(): void {
  if (Object.getPrototypeOf(LazyResponse.prototype) === Response.prototype) return
  Object.setPrototypeOf(LazyResponse.prototype, Response.prototype)
}

function isNull({ head }: Answer): boolean {
  return NULL_BODY.has(head.status)
}

function streamOf(body: AnswerBody): ReadableStream {
  return new ReadableStream(
    {
      async pull(controller) {
        const piece = await body.next()
        if (piece === undefined) controller.close()
        else controller.enqueue(new Uint8Array(piece))
      },
      cancel: (reason) => body.cancel(reason ?? new Error('The answer was cancelled')),
    },
    { highWaterMark: 0 },
  )
}

function platformOf(state: State): Response {
  const { answer, headers } = state
  // Only the body and its type are looked at: the status may be one that Response does not take.
  state.platform ??= new Response(isNull(answer) ? null : streamOf(answer.body), {
    headers: headers ?? headersOf(answer.head.fields),
  })
  return state.platform
}

export function headersOf(fields: Fields): Headers {
  const headers = new Headers()
  for (const [name, value] of fields) headers.append(name, value)
  return headers
}

/** All of the content, once. */
function wholeOf(response: object): Promise<Uint8Array> {
  const state = stateOf(response)
  if (state.platform !== undefined) {
    return state.platform.arrayBuffer().then((content) => new Uint8Array(content))
  }
  if (state.used === true) throw new TypeError('The body of this response was read already')
  state.used = true
  return state.answer.body.whole()
}

const utf8 = new TextDecoder()

function getter(read: (state: State) => unknown): PropertyDescriptor {
  return {
    configurable: true,
    enumerable: true,
    get(this: object) {
      return read(stateOf(this))
    },
  }
}

function method(value: (this: Response) => unknown): PropertyDescriptor {
  return { configurable: true, writable: true, value }
}

Object.defineProperties(LazyResponse.prototype, {
  status: getter(({ answer }) => answer.head.status),
  statusText: getter(({ answer }) => answer.head.statusText),
  ok: getter(({ answer }) => answer.head.status >= 200 && answer.head.status < 300),
  url: getter(({ answer }) => answer.url),
  redirected: getter(({ answer }) => answer.redirected),
  type: getter(() => 'basic'),
  upload: getter(({ answer }) => answer.upload),
  headers: getter((state) => {
    state.headers ??= headersOf(state.answer.head.fields)
    return state.headers
  }),
  body: getter((state) => (state.used === true ? null : platformOf(state).body)),
  bodyUsed: getter((state) => state.used === true || (state.platform?.bodyUsed ?? false)),
  text: method(async function () {
    return utf8.decode(await wholeOf(this))
  }),
  json: method(async function () {
    return JSON.parse(utf8.decode(await wholeOf(this))) as unknown
  }),
  bytes: method(async function () {
    return new Uint8Array(await wholeOf(this))
  }),
  arrayBuffer: method(async function () {
    return new Uint8Array(await wholeOf(this)).buffer
  }),
  blob: method(async function () {
    const type = this.headers.get('content-type') ?? ''
    return new Blob([new Uint8Array(await wholeOf(this))], { type })
  }),
  formData: method(async function () {
    const headers = this.headers
    return new Response(new Uint8Array(await wholeOf(this)), { headers }).formData()
  }),
  clone: method(function () {
    const state = stateOf(this)
    if (state.used === true) throw new TypeError('The body of this response was read already')
    return new LazyResponse({ answer: state.answer, platform: platformOf(state).clone() })
  }),
})

export function responseOf(answer: Answer): UploadResponse {
  inheritFromResponse()
  const response = new LazyResponse({ answer })
  if (!isUploadResponse(response)) throw new TypeError('unreachable')
  return response
}

/**
 * What `authorize` was shown, for the caller: content that it has read whole is read again. Of a stream that it
 * took the pieces are gone, and the response says so.
 */
export function shownAgain(response: UploadResponse): UploadResponse {
  stateOf(response).used = false
  return response
}

function isUploadResponse(response: object): response is UploadResponse {
  return response instanceof LazyResponse && response instanceof Response
}
