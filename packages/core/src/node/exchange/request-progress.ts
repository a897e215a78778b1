// How far one request has come: the states of ../../lifecycle/, which nobody else moves, and the bytes.
// Law: it only moves and counts; what a move demands (a 100 to be written) it tells its exchange.

import {
  type Content,
  type ContentEvent,
  isHandedOn,
  isReceived,
  nextContent,
} from '../../lifecycle/content.js'
import {
  beginContinuation,
  type Continuation,
  type ContinuationEvent,
  nextContinuation,
} from '../../lifecycle/continuation.js'

/** How the request was when the library saw it first. */
export interface RequestState {
  /** Its head announces content. */
  readonly announced: boolean
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
  #continuation: Continuation = 'none'
  #content: Content
  #receivedBytes: number
  #clientWaited: boolean | undefined

  constructor({ announced, asks, continueSent, complete, bufferedBytes }: RequestState) {
    this.#receivedBytes = bufferedBytes
    this.#content = announced ? (complete ? 'complete' : 'coming') : 'none'
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

  /** With a 100-continue expectation: no content came before the 100 or the answer. */
  get clientWaited(): boolean | undefined {
    return this.#clientWaited
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
