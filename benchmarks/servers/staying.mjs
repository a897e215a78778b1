// The least that makes a refusal by hand arrive (RFC 9112 section 9.6): half-close, read and discard for a
// while, close. What every hand-written server here does that is not said to close at once.

const LINGER_MS = 2000

/** To be called before the refusal is written. */
export function stay(socket, lingerMs = LINGER_MS) {
  socket.destroySoon = () => {
    const timer = setTimeout(() => socket.destroy(), lingerMs).unref()
    socket.once('close', () => clearTimeout(timer))
    socket.removeAllListeners('data')
    // Node's own would finish the parser, and make an error of the request that was broken off.
    socket.removeAllListeners('end')
    socket.on('data', () => {})
    socket.once('end', () => socket.destroy())
    socket.end()
    socket.resume()
  }
}
