// A cursor over one field value that reads the lexical rules of RFC 9110 section 5.6.
// It only moves forward and every pattern is one character class, so time is linear in the text:
// a backtracking pattern for the whole value would hang on a long parameter list.

const TOKEN = /[!#$%&'*+\-.^_`|~0-9A-Za-z]+/y
const QUOTED_TEXT = /[\t \x21\x23-\x5b\x5d-\x7e\x80-\xff]+/y
const QUOTED_PAIR = /\\[\t \x21-\x7e\x80-\xff]/y
const OPTIONAL_SPACE = /[\t ]+/y

export class Scanner {
  private position = 0

  constructor(private readonly text: string) {}

  get done(): boolean {
    return this.position >= this.text.length
  }

  /** Steps over this one character when it is next. */
  accept(character: string): boolean {
    if (this.text[this.position] !== character) return false
    this.position += 1
    return true
  }

  /** OWS (section 5.6.3). */
  skipSpace(): void {
    this.take(OPTIONAL_SPACE)
  }

  /** token (section 5.6.2), or `undefined` when none is next. */
  token(): string | undefined {
    return this.take(TOKEN)
  }

  /**
   * quoted-string (section 5.6.4) without its quotes and escapes, or `undefined` when none is
   * next or it never ends; what was read is then lost, as the whole value is malformed.
   */
  quotedString(): string | undefined {
    if (!this.accept('"')) return undefined
    const parts: string[] = []
    while (!this.accept('"')) {
      const part = this.take(QUOTED_TEXT) ?? this.take(QUOTED_PAIR)?.slice(1)
      if (part === undefined) return undefined
      parts.push(part)
    }
    return parts.join('')
  }

  private take(pattern: RegExp): string | undefined {
    pattern.lastIndex = this.position
    const found = pattern.exec(this.text)?.[0]
    if (found !== undefined) this.position += found.length
    return found
  }
}
