// The head of a request, read as strictly as RFC 9112 lets a server be, or as leniently as told.

import type { Defects } from './defects.js'
import { Malformed } from './input.js'

export type ModelFraming =
  | { readonly kind: 'none' | 'chunked' }
  | { readonly kind: 'length'; readonly bytes: number }

export interface ModelHead {
  readonly method: string
  readonly path: string
  readonly query: URLSearchParams
  readonly version: '1.0' | '1.1'
  readonly framing: ModelFraming
  readonly names: readonly string[]
  values(name: string): readonly string[]
  field(name: string): string | undefined
}

const requestLine = /^([!#$%&'*+\-.^_`|~0-9A-Za-z]+) (\S+) HTTP\/(1\.[01])$/
const strictLine = /^([!#$%&'*+\-.^_`|~0-9A-Za-z]+):[ \t]*([\t\x20-\x7e\x80-\xff]*?)[ \t]*$/
const looseNames = /^([^:]+?)[ \t]*:[ \t]*([\t\x20-\x7e\x80-\xff]*?)[ \t]*$/
const looseBytes = /^([!#$%&'*+\-.^_`|~0-9A-Za-z]+):[ \t]*([^\n]*?)[ \t]*$/

export function readHead(text: string, defects: Defects): ModelHead {
  const [first = '', ...rest] = text.split('\r\n')
  const line = requestLine.exec(first)
  if (line?.[1] === undefined || line[2] === undefined) throw new Malformed(400)
  const fields = readFields(rest, defects)
  const values = (name: string): readonly string[] =>
    fields.filter(([key]) => key === name).map(([, value]) => value)
  const version = line[3] === '1.0' ? '1.0' : '1.1'
  if (defects.lenient !== 'host' && version === '1.1' && values('host').length !== 1) {
    throw new Malformed(400)
  }
  const url = urlOf(line[2])
  return {
    method: line[1],
    path: url.pathname,
    query: url.searchParams,
    version,
    framing: framingOf(values, version, defects),
    names: fields.map(([name]) => name),
    values,
    field: (name) => (values(name).length === 0 ? undefined : values(name).join(', ')),
  }
}

function readFields(
  lines: readonly string[],
  defects: Defects,
): readonly (readonly [string, string])[] {
  const pattern = {
    names: looseNames,
    bytes: looseBytes,
    no: strictLine,
    framing: strictLine,
    host: strictLine,
  }
  return lines.flatMap((line): (readonly [string, string])[] => {
    if (defects.foldIgnored && /^[ \t]/.test(line)) return []
    const match = pattern[defects.lenient].exec(line)
    if (match?.[1] === undefined || match[2] === undefined) {
      if (defects.lenient === 'names') return []
      throw new Malformed(400)
    }
    return [[match[1].toLowerCase(), match[2]]]
  })
}

function urlOf(target: string): URL {
  if (target === '*') return new URL('http://model/*')
  if (!URL.canParse(target, 'http://model')) throw new Malformed(400)
  return new URL(target, 'http://model')
}

function framingOf(
  values: (name: string) => readonly string[],
  version: '1.0' | '1.1',
  defects: Defects,
): ModelFraming {
  const lengths = values('content-length')
  const codings = values('transfer-encoding')
  const length = lengths[0]
  if (defects.lenient === 'framing') {
    const bytes = Number.parseInt(length ?? '', 10)
    if (bytes > 0) return { kind: 'length', bytes }
    return { kind: codings.some((coding) => coding.includes('chunked')) ? 'chunked' : 'none' }
  }
  if (codings.length > 0) {
    if (length !== undefined || version === '1.0') throw new Malformed(400)
    if (codings.join(',').toLowerCase() !== 'chunked') throw new Malformed(501)
    return { kind: 'chunked' }
  }
  if (length === undefined) return { kind: 'none' }
  if (lengths.length > 1 || !/^\d{1,15}$/.test(length)) throw new Malformed(400)
  return Number(length) === 0 ? { kind: 'none' } : { kind: 'length', bytes: Number(length) }
}
