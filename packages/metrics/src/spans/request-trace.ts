// The span that a request belongs to, as far as it is known. On a bare server the gate decides
// before tracing has begun the span; such events wait, with their time, until it is there.

import type { Attributes, Context, Span } from '@opentelemetry/api'

interface WaitingEvent {
  readonly name: string
  readonly attributes: Attributes
  readonly at: number
}

export class RequestTrace {
  /** The context that had the span. */
  context: Context | undefined
  readonly #waiting: WaitingEvent[] = []

  constructor(private readonly api: typeof import('@opentelemetry/api')) {}

  /** Looks for the span of what runs now: to be called inside the request's own context. */
  capture(): Span | undefined {
    const active = this.api.context.active()
    const span = this.api.trace.getSpan(active)
    // Spans of single middlewares end before the request does; the first one that lasts is kept.
    if (span?.isRecording() === true && this.#recording() === undefined) this.context = active
    const current = span?.isRecording() === true ? span : this.#recording()
    if (current === undefined) return undefined
    for (const { name, attributes, at } of this.#waiting.splice(0)) {
      current.addEvent(name, attributes, at)
    }
    return current
  }

  event(name: string, attributes: Attributes = {}): void {
    const span = this.capture()
    if (span === undefined) this.#waiting.push({ name, attributes, at: Date.now() })
    else span.addEvent(name, attributes)
  }

  /** An event of the time after the answer, which may come outside the request's context. */
  lastEvent(name: string): void {
    this.#recording()?.addEvent(name)
  }

  #recording(): Span | undefined {
    const span = this.context && this.api.trace.getSpan(this.context)
    return span?.isRecording() === true ? span : undefined
  }
}
