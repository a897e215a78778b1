// An answer that was given to a plugin, while its content goes to the client. Laws:
// - one that nobody sends on and nobody takes has a bound, and is cut then
// - half an answer is cut, never ended: it must not look whole (RFC 9112 section 8)

import type { IncomingMessage } from 'node:http'
import { RelayError } from '../refusals.js'
import type { Wait } from '../wait.js'

export interface GivenAnswerListener {
  /** Whether the content that has ended was all of it. */
  isWhole(): boolean
  /** All of it was taken. */
  ended(): void
  /** Nothing more comes of it; after its end, or without one. */
  closed(): void
}

/** @param ms - How long no byte may come; a client that takes none keeps them from coming. */
export function watchAnswer(
  content: IncomingMessage,
  wait: Wait,
  ms: number,
  listener: GivenAnswerListener,
): void {
  // By its end the answer has let its connection go. To listen to the content itself would begin it.
  const { socket } = content
  const moved = (): void => wait.moved()
  socket.on('data', moved)
  const over = (): void => {
    socket.off('data', moved)
    wait.stop()
  }
  content.once('end', () => {
    over()
    listener.ended()
  })
  content.once('close', () => {
    over()
    listener.closed()
  })
  endOnlyWhole(content, () => listener.isWhole())
  wait.begin(ms, () => {
    content.destroy(new RelayError('Nothing of the answer moved in time.', 'UND_ERR_BODY_TIMEOUT'))
  })
}

/** Node ends what ends by the close however the connection closed, and a plugin has no other sign of it. */
function endOnlyWhole(content: IncomingMessage, isWhole: () => boolean): void {
  const { push } = content
  content.push = (chunk: unknown, encoding?: BufferEncoding): boolean => {
    if (chunk !== null || isWhole()) return push.call(content, chunk, encoding)
    content.destroy(new RelayError('The upstream broke its answer off.', 'UND_ERR_SOCKET'))
    return false
  }
}
