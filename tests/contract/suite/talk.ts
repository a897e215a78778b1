// A request and its answers, whatever carries them: the same words for HTTP/1.1 and HTTP/2, so that
// one test states a rule for both.

export interface Ask {
  readonly method?: string
  readonly target?: string
  /** One field line for each entry. */
  readonly expect?: string | readonly string[]
  /** Declared length; with neither this nor `undeclared` the request has no content. */
  readonly length?: number
  /** Content of undeclared length: chunked on HTTP/1.1, a head without END_STREAM on HTTP/2. */
  readonly undeclared?: boolean
  readonly type?: string
  readonly accept?: string
  readonly fields?: Readonly<Record<string, string>>
}

export interface Final {
  readonly status: number
  /** The combined value of a field, or undefined when it is absent. */
  field(name: string): string | undefined
  readonly text: string
  readonly body: Buffer
  json(): unknown
}

export interface Talk {
  /** The next answer, which must be a `100 Continue` without fields. */
  continue(): Promise<void>
  /** Content; `last` ends it. */
  send(part: string | Buffer, last?: 'last'): this
  /** The next answer, which must be a final one. */
  final(withinMs?: number): Promise<Final>
  /** A final answer, before which at most one 100 may come (R13). */
  answer(): Promise<Final>
  /** Nothing comes for a while. */
  quiet(ms: number): Promise<void>
  /**
   * The answer left content unread: HTTP/1.1 has said close, and FIN follows; HTTP/2 has ended the
   * stream and then reset it with NO_ERROR, and the session lives.
   */
  unread(answer: Final): Promise<void>
  /** Nothing is unread, and the connection serves the next request. */
  kept(answer: Final): Promise<void>
  /** The client leaves. */
  leave(): void
  /** The exchange ends without an answer that could be taken for a whole one. */
  broken(): Promise<void>
}

/** One connection. */
export interface Line {
  ask(request: Ask): Talk
}

/** A request that asks before it sends, as curl does. */
export function asking(request: Ask = {}): Ask {
  const framed = request.undeclared === true ? {} : { length: 5 }
  return { expect: '100-continue', ...framed, ...request }
}
