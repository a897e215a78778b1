// How far one request has come: the states of its 100 and its content, which nobody else moves, its bytes, and the
// limit that they are counted against. Law: it only moves and counts; what a move demands (a 100 to be written) it
// tells its exchange.

import type { Framing } from '../head/framing.js'
import { least } from '../policy/in-force.js'

import { type Content, type ContentEvent, isHandedOn, isReceived, nextContent } from './content.js'
import {
  beginContinuation,
  type Continuation,
  type ContinuationEvent,
  nextContinuation,
} from './continuation.js'

/** How the request was when the library saw it first. */
export interface RequestState {
  readonly framing: Framing
  /** It asks for a 100, and announces content. */
  readonly asks: boolean
  /** Node has written the 100 already. */
  readonly continueSent: boolean
  /** All content is there. */
  readonly complete: boolean
  /** Content bytes that are buffered. */
  readonly bufferedBytes: number
}

export class RequestProgress {
  readonly framing: Framing
  #limit: number | undefined
  #continuation: Continuation = 'none'
  #content: Content
  #receivedBytes: number
  #clientWaited: boolean | undefined

  constructor({ framing, asks, continueSent, complete, bufferedBytes }: RequestState) {
    this.framing = framing
    this.#receivedBytes = bufferedBytes
    this.#content = framing.kind === 'none' ? 'none' : complete ? 'complete' : 'coming'
    if (!asks) return
    const content = complete || bufferedBytes > 0
    this.#continuation = beginContinuation({ sent: continueSent, content })
    if (content) this.#clientWaited = false
  }

  get continuation(): Continuation {
    return this.#continuation
  }

  get content(): Content {
    return this.#content
  }

  /** Nothing of the content is left on the wire. */
  get received(): boolean {
    return isReceived(this.#content)
  }

  /** Content is for the application. */
  get handedOn(): boolean {
    return isHandedOn(this.#content)
  }

  /** Content bytes that the parser has handed over. */
  get receivedBytes(): number {
    return this.#receivedBytes
  }

  /** Most content bytes that the gates allow together; `undefined`: any number. */
  get limit(): number | undefined {
    return this.#limit
  }

  /** Content of undeclared length has grown past the limit. A declared one was decided at its head. */
  get overLimit(): boolean {
    const limit = this.framing.kind === 'unknown' ? this.#limit : undefined
    return limit !== undefined && this.#receivedBytes > limit
  }

  /** With a 100-continue expectation: no content came before the 100 or the answer. */
  get clientWaited(): boolean | undefined {
    return this.#clientWaited
  }

  /** The least limit holds. */
  protected allow(limit: number | undefined): void {
    this.#limit = least(this.#limit, limit)
  }

  /** @returns Whether content has begun to come. */
  protected count(bytes: number): boolean {
    const first = this.#receivedBytes === 0
    this.#receivedBytes += bytes
    return first
  }

  protected moveContent(event: ContentEvent): void {
    this.#content = nextContent(this.#content, event)
  }

  /** @returns Whether the 100 is to be written now. */
  protected moveContinuation(event: ContinuationEvent): boolean {
    const before = this.#continuation
    if (before === 'none' && event !== 'honour') return false
    const after = nextContinuation(before, event)
    if (after === before) return false
    this.#continuation = after
    if (before === 'owed') this.#clientWaited ??= event !== 'content'
    return after === 'sent'
  }
}
