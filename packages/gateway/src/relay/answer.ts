// The answer of an upstream, to the client. Laws:
// - its framing is made anew; no field of the upstream's connection gets through
// - half an answer is cut, never ended: it must not look whole (RFC 9112 section 8)
// - the client is sent no more than it takes

import type { ServerResponse } from 'node:http'
import type { Readable } from 'node:stream'
import { breakOff } from '@expectation/core/node'
import {
  announcedTrailers,
  answerFields,
  declaredLength,
  passedTrailers,
} from '../fields/answer-fields.js'
import { forEachLine } from '../fields/field-lines.js'
import { inOneLine } from '../fields/one-line.js'
import { isFieldValue } from '../fields/syntax.js'
import type { RelayHead } from '../options/relay-head.js'
import { flushBareHead, flushHead } from '../upstream/head-bytes.js'
import type { UpstreamAnswer } from '../upstream/upstream.js'

export interface AnswerListener {
  /** Bytes were read and written. */
  moved(): void
  /** The whole answer is written. */
  ended(): void
  /** It ended too early, and was cut. */
  cut(): void
}

export class Answer {
  /** The client takes nothing at the moment. */
  waitsForClient = false
  #over = false
  /** What there is of it is held back, to go out as one. */
  #held = true
  #first: Uint8Array | undefined

  constructor(
    private readonly answer: UpstreamAnswer,
    private readonly response: ServerResponse,
    private readonly head: RelayHead,
    /** All content of the request was handed to the upstream. */
    private readonly contentSent: boolean,
    private readonly listener: AnswerListener,
  ) {}

  /** Another answer stands before it on its connection, with bounds of its own; until then nobody can take it. */
  get waitsForTurn(): boolean {
    return this.head.version !== '2.0' && this.response.socket === null
  }

  /** @throws what Node throws for a head that it will not write; nothing is written then. */
  begin(): void {
    const { answer, response } = this
    const { content } = answer
    try {
      this.#writeHead()
    } catch (error) {
      this.#over = true
      for (const { name } of answerFields(answer.lines)) response.removeHeader(name)
      response.removeHeader('Content-Length')
      throw error
    }
    content.on('data', this.#take)
    content.on('end', this.#end)
    content.on('error', this.#left)
    content.on('close', this.#left)
    response.on('drain', this.#drained)
    setImmediate(this.#flush)
  }

  /** The client is gone, or waits for too long. */
  abandon(): void {
    if (this.#over) return
    this.#over = true
    this.answer.content.on('error', ignore)
    this.answer.content.destroy()
    if (!this.response.writableFinished) breakOff(this.response)
  }

  #writeHead(): void {
    const { answer, response, head } = this
    const overHttp1 = head.version !== '2.0'
    response.statusCode = answer.status
    // RFC 9112 section 9.3: whoever answers before the end of the content cannot count on its coming.
    if (overHttp1 && !this.contentSent) response.setHeader('Connection', 'close')
    if (overHttp1 && answer.phrase !== '' && isFieldValue(answer.phrase)) {
      response.statusMessage = answer.phrase
    }
    for (const { name, value } of answerFields(answer.lines)) {
      response.setHeader(name, joined(response, name, value, overHttp1))
    }
    const length = declaredLength(answer.lines)
    // RFC 9110 section 8.6: none in a 204. A 205 may have none (section 15.3.6), and Node's HTTP/2 sends none.
    const isEmpty = answer.status === 204 || (answer.status === 205 && !overHttp1)
    if (length !== undefined && !isEmpty) response.setHeader('Content-Length', length)
    const trailers = announcedTrailers(answer.lines)
    if (trailers !== undefined && this.#trails(length)) response.setHeader('Trailer', trailers)
  }

  /** Trailer fields need an end that is not the last content byte (RFC 9112 section 7.1.2). */
  #trails(length: number | undefined): boolean {
    const { version } = this.head
    return !this.#isBare && version !== '1.0' && (version === '2.0' || length === undefined)
  }

  /** Its head is all there is of it (RFC 9110 section 6.4.1), or all that Node sends. */
  get #isBare(): boolean {
    const { status } = this.answer
    const { method, version } = this.head
    return method === 'HEAD' || BARE.has(status) || (status === 205 && version === '2.0')
  }

  /** @returns As `#guarded` does. */
  #flushHead(): boolean {
    return this.#guarded(this.#isBare ? flushBareHead : flushHead)
  }

  /**
   * The first piece waits for the rest of its turn: most answers end with it, and go out as one with
   * their head. A head whose content is late goes alone.
   */
  readonly #take = (chunk: Uint8Array): void => {
    if (this.#over) return
    if (this.#held && this.#first === undefined) {
      this.#first = chunk
    } else {
      this.#writeFirst()
      this.#write(chunk)
    }
    this.listener.moved()
  }

  readonly #flush = (): void => {
    this.#held = false
    if (this.#first !== undefined) this.#writeFirst()
    else if (!this.#over && !this.response.headersSent) this.#flushHead()
  }

  #writeFirst(): void {
    const first = this.#first
    this.#first = undefined
    if (first !== undefined) this.#write(first)
  }

  /** As for an upstream: a piece above Node's mark that the kernel took at once stops nobody. */
  #write(chunk: Uint8Array): void {
    if (this.#over) return
    this.#guarded((response) => {
      if (response.write(chunk) || response.writableLength === 0) return
      this.waitsForClient = true
      this.answer.content.pause()
    })
  }

  /**
   * The head goes with the first thing that is written, so this is where Node tells what it will not write
   * of it: over HTTP/2, fields that somebody else has set. Here nobody would catch it.
   *
   * @returns Whether it was written; else the answer was cut.
   */
  #guarded(write: (response: ServerResponse) => void): boolean {
    try {
      write(this.response)
      return true
    } catch {
      this.#over = true
      this.answer.content.on('error', ignore)
      this.answer.content.destroy()
      breakOff(this.response)
      this.listener.cut()
      return false
    }
  }

  readonly #drained = (): void => {
    this.waitsForClient = false
    if (!this.#over) this.answer.content.resume()
  }

  /** A reset behind the end of it is no cut: Node keeps what nobody had read by then. */
  readonly #left = (): void => {
    if (this.#over) return
    if (this.answer.isWhole()) takeRest(this.answer.content, this.#take)
    this.#end()
  }

  readonly #end = (): void => {
    if (this.#over) return
    if (!this.answer.isWhole()) {
      this.#cut()
      return
    }
    const trailers = passedTrailers(this.answer.trailers())
    const trails = trailers.length > 0 && this.#trails(declaredLength(this.answer.lines))
    // Node would give an answer that goes out as one a length, and then no trailer.
    if (trails) this.#writeFirst()
    if (trails && !this.#over && !this.response.headersSent) this.#flushHead()
    if (this.#over) return
    const last = this.#first
    this.#first = undefined
    this.#over = true
    const written = this.#guarded((response) => {
      if (trails) addTrailers(response, trailers)
      if (last === undefined) response.end()
      else response.end(last)
    })
    if (written) this.listener.ended()
  }

  #cut(): void {
    this.#writeFirst()
    if (this.#over) return
    this.#over = true
    // What it says is worth having, though all there was of it came at once: a head that waits for its
    // content, and a piece that Node writes with it at the end of the turn.
    if (!this.response.headersSent && !this.#flushHead()) return
    setImmediate(() => breakOff(this.response))
    this.listener.cut()
  }
}

function takeRest(content: Readable, take: (chunk: Uint8Array) => void): void {
  let chunk: unknown = content.read()
  for (; chunk instanceof Uint8Array; chunk = content.read()) take(chunk)
}

const BARE: ReadonlySet<number> = new Set([204, 304])

/** What the application has set for all of its answers stays beside what the upstream says. */
const JOINED: ReadonlySet<string> = new Set(['set-cookie', 'vary'])

function joined(
  response: ServerResponse,
  name: string,
  value: string | string[],
  mayRepeat: boolean,
): string | string[] {
  const key = name.toLowerCase()
  const known = JOINED.has(key) ? response.getHeader(name) : undefined
  // Nearly all: one line, and nothing that was said before.
  if (known === undefined && typeof value === 'string') return value
  const values = [known === undefined ? [] : known, value].flat().map(String)
  if (values.length === 1) return values[0] ?? ''
  if (mayRepeat || key === 'set-cookie') return values
  return inOneLine(key, values)
}

/** HTTP/2's response takes an object only. */
function addTrailers(response: ServerResponse, lines: readonly string[]): void {
  const fields: Record<string, string> = Object.create(null)
  forEachLine(lines, (key, value) => {
    fields[key] = fields[key] === undefined ? value : `${fields[key]}, ${value}`
  })
  response.addTrailers(fields)
}

function ignore(): void {}
