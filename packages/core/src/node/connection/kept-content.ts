// The content of a request that waits to be dispatched. Node runs the ticks and promises of a listener between
// two pieces that stand in one segment: who looks at the first piece and listens anew gets the others. Laws:
// - the first piece is there when the request is dispatched; each further one, and the end, comes in an immediate of
//   its own, all of them in one turn
// - what is handed on runs in the context in which the request was dispatched, also what comes on the wire later
// - when more comes on the wire, all that is left is handed on before it: no more is kept than one segment brings

import type { IncomingMessage } from 'node:http'
import { exchangeOfRequest } from '../exchange/find-exchange.js'
import type { AsyncContext } from '../observe/async-context.js'

export class KeptContent {
  readonly #push: IncomingMessage['push']
  #begun = false
  #dispatched = false
  #rest: unknown[] | undefined
  #bytes = 0
  /** The end came before the request was dispatched: its guard has not been told. */
  #endUntold = false

  /** @param context - In which the request is dispatched: other requests share the turn. */
  constructor(
    private readonly request: IncomingMessage,
    private readonly context: AsyncContext,
  ) {
    this.#push = request.push
    request.push = (chunk: unknown, encoding?: BufferEncoding) => this.#came(chunk, encoding)
  }

  /** Content that is here, and not in the stream yet. */
  get bytes(): number {
    return this.#bytes
  }

  /** How many pieces are left to be handed on, the end among them. */
  get pieces(): number {
    return this.#rest?.length ?? 0
  }

  dispatching(): void {
    this.#dispatched = true
    this.#endUntold = this.#rest?.at(-1) === null
    // Nothing has to wait for its turn but the end, and the guards are set on what was there before.
    if (this.#bytes === 0) this.request.push = this.#push
  }

  /** Guards are set: what comes on the wire from now on runs in the context of the dispatch, and they with it. */
  dispatched(): void {
    const { request } = this
    if (this.#bytes > 0 || this.#endUntold) return
    const { push } = request
    request.push = (chunk: unknown, encoding?: BufferEncoding) =>
      this.context(() => push.call(request, chunk, encoding))
  }

  /** @returns Whether there is more. */
  handOnNext(): boolean {
    return this.context(() => this.#handOn())
  }

  #handOn(): boolean {
    const { request } = this
    const wanted = exchangeOfRequest(request)?.handedOn !== false && !request.destroyed
    const rest = (wanted ? this.#rest : this.#rest?.filter(isEnd)) ?? []
    const next = rest.shift()
    this.#bytes -= lengthOf(next)
    this.#rest = rest.length > 0 ? rest : undefined
    if (next === null && this.#endUntold) {
      this.#endUntold = false
      request.push(null)
    } else if (next !== undefined) this.#push.call(request, next)
    return this.#rest !== undefined
  }

  #came(chunk: unknown, encoding: BufferEncoding | undefined): boolean {
    if (this.#begun && !this.#dispatched) return this.#keep(chunk)
    this.#begun = true
    if (!this.#dispatched) return this.#push.call(this.request, chunk, encoding)
    while (this.#rest !== undefined) this.handOnNext()
    return this.context(() => this.#push.call(this.request, chunk, encoding))
  }

  /** @returns Whether to read on: its end has to be heard, as if all were in the stream. */
  #keep(chunk: unknown): boolean {
    this.#rest ??= []
    this.#rest.push(chunk)
    this.#bytes += lengthOf(chunk)
    const { readableLength, readableHighWaterMark } = this.request
    return readableLength + this.#bytes < readableHighWaterMark
  }
}

function isEnd(chunk: unknown): boolean {
  return chunk === null
}

function lengthOf(chunk: unknown): number {
  return chunk instanceof Uint8Array ? chunk.byteLength : 0
}
