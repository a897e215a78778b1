// What passed on one connection, in order, for `--explain` and for programs. Content is counted, not
// kept. Nothing is hidden here: whoever shows it asks `Secrets` for what may be shown.

/** `out`: sent by the doctor, `in`: received, `note`: what happened to the connection. */
export interface Line {
  readonly atMs: number
  readonly way: 'out' | 'in' | 'note'
  readonly text: string
}

const MOST_LINES = 200
/** Of what came, as much as a person would read. */
export const MOST_CHARACTERS = 4_096

export class Transcript {
  readonly #begun = performance.now()
  readonly #lines: Line[] = []
  #characters = 0
  #content = 0

  get lines(): readonly Line[] {
    this.#flush()
    return this.#lines
  }

  head(text: string): void {
    this.#add('out', text)
  }

  /** Content that was handed to the socket; pieces that follow each other are one line. */
  content(bytes: number): void {
    this.#content += bytes
  }

  came(bytes: Buffer): void {
    const left = MOST_CHARACTERS - this.#characters
    if (left <= 0) return
    this.#characters += bytes.length
    this.#add('in', bytes.toString('latin1', 0, Math.min(bytes.length, left)))
  }

  note(text: string): void {
    this.#add('note', text)
  }

  #flush(): void {
    const bytes = this.#content
    this.#content = 0
    if (bytes > 0) this.#push('out', `(${bytes} bytes of content)`)
  }

  #add(way: Line['way'], text: string): void {
    this.#flush()
    this.#push(way, text)
  }

  #push(way: Line['way'], text: string): void {
    if (this.#lines.length >= MOST_LINES) return
    this.#lines.push({ atMs: Math.round(performance.now() - this.#begun), way, text })
  }
}
