// The final head of an HTTP/2 response. Node sends it at once with `writeHead`, where HTTP/1 keeps it back
// until the first byte of content. So a 2xx that would take the place of a 100 is kept back too, until it is
// known whether more follows than the end, for the rest of the turn at the most.

import type { OutgoingHttpHeaders, ServerResponse } from 'node:http'
import type { ServerStreamResponseOptions } from 'node:http2'
import { exchangeOfResponse } from '../exchange/find-exchange.js'
import { type Http2Exchange, onStream } from '../exchange/http2-exchange.js'
import { nextTick } from '../timers.js'
import { continueForBeginning, continueForReader, waitsBehindHead } from './early-success.js'
import { watchReaders } from './stream-reading.js'

type HeadWriter = { writeHead(...head: unknown[]): ServerResponse }
/** `write` and `end` as they are called here: whatever was given is passed on. */
interface StreamWriter {
  write(...args: readonly unknown[]): unknown
  end(...args: readonly unknown[]): unknown
}
type Head = Parameters<Http2Exchange['stream']['respond']>

export function guardStreamHead({ response }: Http2Exchange): void {
  const guarded: HeadWriter = response
  guarded.writeHead = writeStreamHead
}

function writeStreamHead(this: ServerResponse, ...head: unknown[]): ServerResponse {
  const exchange = onStream(exchangeOfResponse(this))
  const status = Number(head[0])
  if (exchange.stream.headersSent) {
    if (!exchange.awaitsReset) writeAsNode(exchange, head)
    return this
  }
  continueForReader(exchange, status)
  if (waitsBehindHead(exchange, status)) {
    KeptHead.of(exchange, status, head)
  } else {
    writeAsNode(exchange, head)
    written(exchange, status)
  }
  return this
}

function writeAsNode({ originals, response }: Http2Exchange, head: unknown[]): void {
  originals.writeHead.apply(response, head)
}

/** Node throws for a head that it will not write: nothing has been answered then. */
function written(exchange: Http2Exchange, status: number): void {
  exchange.finalHead(status, true)
  if (exchange.keepFromReset()) watchReaders(exchange)
}

/** What asks a stream for its head, or whether it is out. */
const TOUCHED = ['headersSent', 'sentHeaders', 'write', 'end'] as const

/**
 * A head that Node has been given, and that is not out yet. To whoever looks at the stream it is: Node's own
 * checks then throw for a second one, and for fields that come late. Whoever writes to the stream sends it.
 */
class KeptHead {
  #head: Head | undefined
  readonly #given: readonly (readonly [string, PropertyDescriptor | undefined])[]

  private constructor(
    private readonly exchange: Http2Exchange,
    private readonly status: number,
    head: Head,
  ) {
    const { stream } = exchange
    this.#head = head
    this.#given = TOUCHED.map((name) => [name, Object.getOwnPropertyDescriptor(stream, name)])
    const { write, end }: StreamWriter = stream
    define(stream, 'headersSent', true)
    define(stream, 'sentHeaders', head[0])
    define(stream, 'write', (...args: readonly unknown[]) => {
      continueForBeginning(exchange, status)
      this.send()
      return Reflect.apply(write, stream, args)
    })
    define(stream, 'end', (...args: readonly unknown[]) => {
      exchange.responseEnds()
      this.send()
      return Reflect.apply(end, stream, args)
    })
    nextTick(() => this.#begin())
  }

  /** Node tells the stream the head that `writeHead` was given, if it writes one at all. */
  static of(exchange: Http2Exchange, status: number, given: unknown[]): KeptHead | undefined {
    const { stream } = exchange
    const own = Object.getOwnPropertyDescriptor(stream, 'respond')
    let head: Head | undefined
    stream.respond = (headers?: OutgoingHttpHeaders, options?: ServerStreamResponseOptions) => {
      head = [headers, options]
    }
    try {
      writeAsNode(exchange, given)
    } finally {
      restore(stream, 'respond', own)
    }
    return head && new KeptHead(exchange, status, head)
  }

  send(): void {
    const head = this.#head
    if (head === undefined) return
    this.#head = undefined
    const { stream } = this.exchange
    for (const [name, given] of this.#given) restore(stream, name, given)
    if (stream.destroyed || stream.closed) return
    stream.respond(...head)
    written(this.exchange, this.status)
  }

  /** Neither the end nor any content has come in this turn: the answer has begun. */
  #begin(): void {
    if (this.#head === undefined) return
    continueForBeginning(this.exchange, this.status)
    try {
      this.send()
    } catch {
      // Node refuses the head, and tells whoever writes next.
    }
  }
}

function define(stream: object, name: string, value: unknown): void {
  Object.defineProperty(stream, name, { configurable: true, writable: true, value })
}

function restore(stream: object, name: string, given: PropertyDescriptor | undefined): void {
  if (given === undefined) Reflect.deleteProperty(stream, name)
  else Object.defineProperty(stream, name, given)
}
