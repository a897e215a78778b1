// An optional peer is loaded when it is first needed.

/** Thrown when a library that a function needs is not installed. */
export class MissingPeerError extends Error {
  override readonly name = 'MissingPeerError'
  readonly code = 'ERR_EXPECTATION_MISSING_PEER'

  constructor(wanted: string, peer: string, cause: unknown) {
    super(`${wanted}() needs ${peer}, which is not installed. Run: npm install ${peer}`, { cause })
  }
}

export function loadPeer<Peer>(wanted: string, peer: string, load: () => Peer): Peer {
  try {
    return load()
  } catch (error) {
    throw new MissingPeerError(wanted, peer, error)
  }
}
