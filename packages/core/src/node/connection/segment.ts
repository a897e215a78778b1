// What Node's parser has before it while it tells of a head.

import type { Socket } from 'node:net'

type ParsedSocket = Socket & { readonly parser?: { getCurrentBuffer?(): unknown } | null }

const CR = 13
const LF = 10
const LENGTH_OF_END = '\r\n\r\n'.length
/** The end of a line behind the end of a line, also as a lenient parser takes it. */
const EMPTY_LINE = /\r\r|\n[\r\n]/

/**
 * Whether a head, and nothing behind it, is what was read: the segment has one empty line, which ends it. One that
 * begins with the end of a line may begin with the rest of the head's last, and have content behind that.
 *
 * @returns false also when it cannot be told.
 */
export function endsWithHead(socket: Socket): boolean {
  const { parser }: ParsedSocket = socket
  const segment = parser?.getCurrentBuffer?.()
  if (!Buffer.isBuffer(segment)) return false
  const last = segment.length - LENGTH_OF_END
  // Most segments with content are long, and end in it: they are not looked through.
  if (last <= 0 || segment[last + 2] !== CR || segment[last + 3] !== LF) return false
  if (segment[0] === CR || segment[0] === LF) return false
  return segment.toString('latin1').search(EMPTY_LINE) === last + 1
}
