// When a request can be written on its connection. A TLS socket is connected before it is secure: until then
// nothing that is written reaches anybody, and silence means nothing.

import type { Socket } from 'node:net'

/** Calls back within this turn when the socket is ready. */
export function whenConnected(
  socket: Socket & { readonly secureConnecting?: boolean },
  take: () => void,
): void {
  if (!socket.connecting && socket.secureConnecting !== true) take()
  else socket.once('encrypted' in socket ? 'secureConnect' : 'connect', take)
}
