// Exchanges of a client, made and then damaged, from a seed: the same seed makes the same bytes.

export type Random = () => number

/** Mulberry32: small, and good enough to choose with. */
export function randomFrom(seed: number): Random {
  let state = seed
  return () => {
    state = (state + 0x6d2b79f5) | 0
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state)
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296
  }
}

const below = (random: Random, most: number): number => Math.floor(random() * most)
const oneOf = <Value>(random: Random, values: readonly Value[]): Value => {
  const value = values[below(random, values.length)]
  if (value === undefined) throw new RangeError('nothing to choose from')
  return value
}

const TARGETS = ['/take', '/no', '/busy', '/take?q=1', 'http://other.test/take', '//take'] as const
const EXPECTS = ['100-continue', '100-Continue', '', '100-continue, x', 'y 100-continue'] as const

function request(random: Random, id: string): string {
  const method = oneOf(random, ['PUT', 'POST', 'GET', 'DELETE'])
  const lines = [
    `${method} ${oneOf(random, TARGETS)} HTTP/1.${random() < 0.9 ? 1 : 0}`,
    'Host: front',
  ]
  if (random() < 0.5) lines.push(`Expect: ${oneOf(random, EXPECTS)}`)
  if (random() < 0.2)
    lines.push(
      `Connection: ${oneOf(random, ['close', 'keep-alive', 'X-Id', 'Content-Length', 'Host, TE'])}`,
    )
  lines.push(`X-Id: ${id}`)
  const content = `<${id}>`.repeat(below(random, 40))
  const kind = random()
  if (kind < 0.4) lines.push(`Content-Length: ${content.length}`)
  else if (kind < 0.8) lines.push('Transfer-Encoding: chunked')
  const head = `${lines.join('\r\n')}\r\n\r\n`
  if (kind < 0.4) return head + content
  return kind < 0.8 ? head + chunked(random, content) : head
}

function chunked(random: Random, content: string): string {
  let text = ''
  for (let at = 0; at < content.length; ) {
    const part = content.slice(at, at + 1 + below(random, 100))
    text += `${part.length.toString(16)}\r\n${part}\r\n`
    at += part.length
  }
  return `${text}0\r\n${random() < 0.1 ? 'X-Trailer: 1\r\n' : ''}\r\n`
}

/** What damages a message where it hurts. */
const SPLINTERS = [
  '\r',
  '\n',
  '\r\n',
  '\r\n\r\n',
  ' ',
  '\t',
  '\0',
  ':',
  ',',
  ';',
  '0',
  'f',
  '//',
  '\x0b',
  '\xff',
  'Content-Length: 5\r\n',
  'Content-Length: 0\r\n',
  'content-length : 7\r\n',
  'Transfer-Encoding: chunked\r\n',
  'Transfer-Encoding: gzip, chunked\r\n',
  'Transfer-Encoding:\r\n chunked\r\n',
  'Expect: 100-continue\r\n',
  'Connection: Content-Length, Transfer-Encoding\r\n',
  'Host: evil\r\n',
  '0\r\n\r\n',
  '5\r\nhello\r\n',
  '5;x\r\n',
  'GET /smuggled HTTP/1.1\r\nHost: a\r\nX-Id: smuggled\r\n\r\n',
] as const

function damage(random: Random, bytes: string): string {
  const at = below(random, bytes.length + 1)
  const length = 1 + below(random, 12)
  switch (below(random, 5)) {
    case 0:
      return bytes.slice(0, at) + oneOf(random, SPLINTERS) + bytes.slice(at)
    case 1:
      return bytes.slice(0, at) + bytes.slice(at + length)
    case 2:
      return bytes.slice(0, at + length) + bytes.slice(at)
    case 3:
      return bytes.slice(0, at) + String.fromCharCode(below(random, 256)) + bytes.slice(at + 1)
    default:
      return random() < 0.3 ? bytes.slice(0, at) : bytes
  }
}

export interface Mutated {
  /** As they are written, one after the other. */
  readonly pieces: readonly Buffer[]
}

/** One connection's worth: up to three requests, damaged in up to four places, cut into pieces. */
export function mutated(random: Random, id: string): Mutated {
  let bytes = ''
  for (let at = 0; at <= below(random, 3); at += 1) bytes += request(random, `${id}.${at}`)
  for (let left = below(random, 5); left > 0; left -= 1) bytes = damage(random, bytes)
  const whole = Buffer.from(bytes, 'latin1')
  const cut = below(random, whole.length + 1)
  return { pieces: random() < 0.5 ? [whole] : [whole.subarray(0, cut), whole.subarray(cut)] }
}
