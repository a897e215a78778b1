// What Node's parser has before it while it tells of a head.

import type { Socket } from 'node:net'

type ParsedSocket = Socket & { readonly parser?: { getCurrentBuffer?(): unknown } | null }

/** The end of a line behind the end of a line, also as a lenient parser takes it. */
const EMPTY_LINE = /\r\r|\n[\r\n]/
const BEGINS_WITH_END_OF_LINE = /^[\r\n]/
const END = '\r\n\r\n'

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
  const last = segment.length - END.length
  // Most segments with content are long, and end in it: they are not looked through.
  if (last <= 0 || segment.toString('latin1', last) !== END) return false
  const text = segment.toString('latin1')
  return !BEGINS_WITH_END_OF_LINE.test(text) && text.search(EMPTY_LINE) === last + 1
}
