// What scripts reply, whatever the client makes of it: texts, numbers or buffers in an array.

export type Reply = readonly string[]

/** @throws when it is no array of plain values: the function given as a client replies something else. */
export function readReply(reply: unknown): Reply {
  if (Array.isArray(reply)) return reply.map(plain)
  throw new TypeError('The reply of a script of admission is no array.')
}

export function readCount(text: string | undefined): number {
  const number = Number(text)
  return Number.isFinite(number) ? number : 0
}

function plain(value: unknown): string {
  switch (typeof value) {
    case 'string':
      return value
    case 'number':
    case 'bigint':
      return String(value)
    default:
      // Clients may be set to give buffers.
      if (value instanceof Uint8Array) return Buffer.from(value).toString('utf8')
      throw new TypeError(
        'The reply of a script of admission holds what is neither text nor number.',
      )
  }
}
