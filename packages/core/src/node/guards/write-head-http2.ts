// The final head of an HTTP/2 response. Node sends it at once with `writeHead`, where HTTP/1 keeps it back
// until the first byte of content. So a 2xx that would take the place of a 100 is kept back too, until it is
// known whether more follows than the end, for the rest of the turn at the most.

import type { OutgoingHttpHeaders, ServerResponse } from 'node:http'
import type { ServerStreamResponseOptions } from 'node:http2'
import type { Http2Exchange } from '../exchange/http2-exchange.js'
import { nextTick } from '../timers.js'
import { continueForBeginning, continueForReader, waitsBehindHead } from './early-success.js'

type HeadWriter = { writeHead(...head: unknown[]): ServerResponse }
type Head = Parameters<Http2Exchange['stream']['respond']>

export function guardStreamHead(exchange: Http2Exchange): void {
  const { response, originals } = exchange
  const guarded: HeadWriter = response
  let kept: KeptHead | undefined

  guarded.writeHead = (...head) => {
    const status = Number(head[0])
    if (kept?.isKept === true) {
      kept.send()
      // `write` and `end` ask for the head that is not out yet; anybody else is told that it is.
      if (head.length > 1) originals.writeHead.apply(response, head)
      return response
    }
    continueForReader(exchange, status)
    const write = () => originals.writeHead.apply(response, head)
    if (waitsBehindHead(exchange, status)) {
      kept = KeptHead.of(exchange, status, write)
    } else {
      write()
      written(exchange, status)
    }
    return response
  }
}

/** Node throws for a head that it will not write: nothing has been answered then. */
function written(exchange: Http2Exchange, status: number): void {
  exchange.finalHead(status, true)
  exchange.keepFromReset()
}

class KeptHead {
  #head: Head | undefined

  private constructor(
    private readonly exchange: Http2Exchange,
    private readonly status: number,
    head: Head,
  ) {
    this.#head = head
    Object.defineProperty(exchange.response, 'headersSent', { configurable: true, value: true })
    nextTick(() => this.#begin())
  }

  /** @param write - Has Node tell the stream its head, if it writes one at all. */
  static of(exchange: Http2Exchange, status: number, write: () => void): KeptHead | undefined {
    const { stream } = exchange
    const own = Object.getOwnPropertyDescriptor(stream, 'respond')
    let head: Head | undefined
    stream.respond = (headers?: OutgoingHttpHeaders, options?: ServerStreamResponseOptions) => {
      head = [headers, options]
    }
    try {
      write()
    } finally {
      if (own === undefined) Reflect.deleteProperty(stream, 'respond')
      else Object.defineProperty(stream, 'respond', own)
    }
    return head && new KeptHead(exchange, status, head)
  }

  get isKept(): boolean {
    return this.#head !== undefined
  }

  send(): void {
    const head = this.#head
    this.#head = undefined
    const { response, stream } = this.exchange
    Reflect.deleteProperty(response, 'headersSent')
    if (head === undefined || stream.destroyed || stream.closed) return
    stream.respond(...head)
    written(this.exchange, this.status)
  }

  /** Neither the end nor any content has come in this turn: the answer has begun. */
  #begin(): void {
    if (!this.isKept) return
    continueForBeginning(this.exchange, this.status)
    try {
      this.send()
    } catch {
      // Node refuses the head, and tells whoever writes next.
    }
  }
}
