// What scripts reply, whatever the client makes of it: texts, numbers or buffers in an array.

import type { Command } from './scripts/scripts.js'

export type Reply = readonly string[]

/** What the reply to a claim begins with. */
const WORDS: Readonly<Partial<Record<Command, readonly string[]>>> = {
  acquire: ['granted', 'own', 'grace', 'slots', 'bytes', 'tenant-slots', 'tenant-bytes'],
  raise: ['granted', 'grace', 'bytes', 'tenant-bytes'],
}

/** @throws when it is not the script's: the function given as a client replies something else. */
export function readReply(command: Command, reply: unknown): Reply {
  if (!Array.isArray(reply)) throw new TypeError('The reply of a script of admission is no array.')
  const read = reply.map(plain)
  if (WORDS[command]?.includes(read[0] ?? '') === false) {
    throw new TypeError('The reply of a script of admission is none of its answers.')
  }
  return read
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
