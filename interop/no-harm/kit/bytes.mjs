// Bytes as JSON that people can read: latin1 text, and what is repeated as `[text, times]`.

const LONG = 40

export function toJson(buffer) {
  const text = buffer.toString('latin1')
  const parts = []
  let from = 0
  for (const match of text.matchAll(/([\s\S]{1,8}?)\1+/g)) {
    if (match[0].length < LONG) continue
    if (match.index > from) parts.push(text.slice(from, match.index))
    parts.push([match[1], match[0].length / match[1].length])
    from = match.index + match[0].length
  }
  if (from < text.length) parts.push(text.slice(from))
  return parts
}

export function fromJson(parts) {
  const text = parts.map((part) => (typeof part === 'string' ? part : part[0].repeat(part[1])))
  return Buffer.from(text.join(''), 'latin1')
}

/** A scenario as it is kept: its bytes readable. */
export function writeScenario({ steps, ...rest }) {
  return { ...rest, steps: steps.map((s) => (s.send ? { send: toJson(s.send) } : s)) }
}

export function readScenario({ steps, ...rest }) {
  return { ...rest, steps: steps.map((s) => (s.send ? { send: fromJson(s.send) } : s)) }
}

export function bytesOf(scenario) {
  return Buffer.concat(scenario.steps.flatMap((s) => (s.send ? [s.send] : [])))
}
