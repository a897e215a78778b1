// What no report shows: values of the caller's fields, the query of an address, and fields that hold secrets
// more often than not. What came is looked at as one text: a line may be split anywhere over two reads.

import type { FieldLine } from '@expectation/conformance'
import type { Seen } from './seen.js'
import { type Line, MOST_CHARACTERS } from './transcript.js'

const NAMES =
  '(?:(?:proxy-)?authorization|(?:set-)?cookie|[^:\\r\\n]*(?:token|key|secret|signature)[^:\\r\\n]*)'
const VALUE = '[\\t ]*: ?([^\\r\\n]+)'
/** A field of anybody, in what was sent or came. */
const FIELD = new RegExp(`^${NAMES}${VALUE}`, 'gim')
/** The same in a sentence that quotes what came. */
const QUOTED = new RegExp(`(?:^|")${NAMES}${VALUE}`, 'gim')

/** A shorter part of a value, sent back by a server, cannot be told from other text. */
const LEAST_CHARACTERS = 8
/** Of a secret that the end of what is kept has cut. */
const LEAST_OF_A_CUT_ONE = 4

type Range = readonly [start: number, end: number]

export class Secrets {
  readonly #queries: readonly string[]
  readonly #texts: readonly string[]
  readonly #given: RegExp | undefined

  /** @param targets - paths with queries that are asked for */
  constructor(fields: readonly FieldLine[], targets: readonly string[]) {
    this.#queries = targets.flatMap((target) => /\?.+$/.exec(target)?.[0] ?? [])
    const given = [...fields.map(([, value]) => value), ...this.#queries]
    this.#texts = [...new Set(given.flatMap(partsOf))]
    const names = fields.map(([name]) => (/^host$/i.test(name) ? `host|:authority` : escaped(name)))
    const pattern = `^(?:${names.join('|')})${VALUE}`
    this.#given = names.length === 0 ? undefined : new RegExp(pattern, 'gim')
  }

  /** What was seen, as it may be shown; but for the body of `final`, which no report has. */
  hidden(seen: Seen): Seen {
    const { final, malformed } = seen
    const fields = final?.fields.map(([name, value]): FieldLine => [name, this.text(value)]) ?? []
    return {
      ...seen,
      request: this.text(seen.request),
      malformed: malformed === undefined ? undefined : this.text(malformed),
      final: final === undefined ? undefined : { ...final, fields },
      transcript: this.#lines(seen.transcript),
    }
  }

  text(text: string): string {
    return masked([text], this.#rangesOf(text, QUOTED))[0] ?? ''
  }

  #lines(lines: readonly Line[]): readonly Line[] {
    const came = lines.filter(({ way }) => way === 'in').map(({ text }) => text)
    const all = came.join('')
    const shown = masked(came, [...this.#rangesOf(all, FIELD), ...this.#cutRange(all)])
    let next = 0
    return lines.map((line) => {
      if (line.way !== 'in') return { ...line, text: this.#own(line.text) }
      next += 1
      return { ...line, text: (shown[next - 1] ?? '').trimEnd() }
    })
  }

  /** A head that was sent, or a note. */
  #own(text: string): string {
    const given = this.#given === undefined ? [] : valuesOf(text, this.#given)
    return masked([text], [...given, ...this.#rangesOf(text, FIELD)])[0]?.trimEnd() ?? ''
  }

  #rangesOf(text: string, often: RegExp): readonly Range[] {
    return [
      ...valuesOf(text, often),
      ...this.#queries.flatMap((each) => foundIn(text, each)).map(behindFirst),
      ...this.#texts.flatMap((each) => foundIn(text, each)),
    ]
  }

  #cutRange(text: string): readonly Range[] {
    if (text.length < MOST_CHARACTERS) return []
    return this.#texts.flatMap((secret): readonly Range[] => {
      for (let length = secret.length - 1; length >= LEAST_OF_A_CUT_ONE; length -= 1) {
        if (text.endsWith(secret.slice(0, length))) return [[text.length - length, text.length]]
      }
      return []
    })
  }
}

/** The question mark stays. */
const behindFirst = ([start, end]: Range): Range => [start + 1, end]

/** A value as it is, its words (`Bearer …`, `name=…`), and what they say without percent-encoding. */
function partsOf(value: string): readonly string[] {
  const words = value.split(/[\s,;=&?]+/)
  return [value.replace(/^\?/, ''), ...words, ...words.map(decoded)].filter(
    (part) => part.length >= LEAST_CHARACTERS,
  )
}

/** Its bytes, as what comes is read. */
function decoded(word: string): string {
  try {
    return Buffer.from(decodeURIComponent(word)).toString('latin1')
  } catch {
    return ''
  }
}

function escaped(text: string): string {
  return text.replace(/[$()*+.?[\\\]^{|}]/g, '\\$&')
}

/** Where the last group of a pattern is, which ends with it. */
function valuesOf(text: string, pattern: RegExp): readonly Range[] {
  return [...text.matchAll(pattern)].map((match): Range => {
    const end = match.index + match[0].length
    return [end - (match[1]?.length ?? 0), end]
  })
}

function foundIn(text: string, secret: string): readonly Range[] {
  const ranges: Range[] = []
  for (let at = text.indexOf(secret); at !== -1; at = text.indexOf(secret, at + secret.length)) {
    ranges.push([at, at + secret.length])
  }
  return ranges
}

/** Pieces of one text, with its ranges left out; three asterisks stand where one begins. */
function masked(pieces: readonly string[], ranges: readonly Range[]): readonly string[] {
  const apart = merged(ranges)
  let to = 0
  return pieces.map((piece) => {
    const from = to
    to += piece.length
    let shown = ''
    let at = from
    for (const [start, end] of apart) {
      if (end <= from || start >= to) continue
      shown += piece.slice(at - from, Math.max(start, from) - from) + (start >= from ? '***' : '')
      at = Math.min(end, to)
    }
    return shown + piece.slice(at - from)
  })
}

function merged(ranges: readonly Range[]): readonly Range[] {
  const apart: Range[] = []
  for (const [start, end] of [...ranges].sort(([a], [b]) => a - b)) {
    const last = apart.at(-1)
    if (last === undefined || start >= last[1]) apart.push([start, end])
    else apart[apart.length - 1] = [last[0], Math.max(last[1], end)]
  }
  return apart
}
