// One response as it came over the wire: facts only, nothing is judged here.

export type ContentFraming = 'none' | 'length' | 'chunked' | 'close'
export type FieldLine = readonly [name: string, value: string]

export class WireResponse {
  constructor(
    readonly version: '1.0' | '1.1',
    readonly status: number,
    readonly phrase: string,
    readonly fields: readonly FieldLine[],
    readonly body: Buffer,
    readonly framing: ContentFraming,
    /** What came behind the last chunk (RFC 9112 section 7.1.2). */
    readonly trailers: readonly FieldLine[] = [],
  ) {}

  /** Every value of a field, in the order of its lines. */
  values(name: string): readonly string[] {
    const wanted = name.toLowerCase()
    return this.fields.filter(([key]) => key.toLowerCase() === wanted).map(([, value]) => value)
  }

  /** The combined value of a field (RFC 9110 5.3), or undefined when it is absent. */
  field(name: string): string | undefined {
    const values = this.values(name)
    return values.length === 0 ? undefined : values.join(', ')
  }

  get text(): string {
    return this.body.toString('utf8')
  }

  /** @throws SyntaxError - the body is no JSON. */
  json(): unknown {
    return JSON.parse(this.text)
  }

  /** Does this response say that the connection ends with it? (RFC 9112 9.3) */
  get saysClose(): boolean {
    const options = (this.field('connection') ?? '').toLowerCase().split(/[\s,]+/)
    if (options.includes('close') || this.framing === 'close') return true
    return this.version === '1.0' && !options.includes('keep-alive')
  }
}
