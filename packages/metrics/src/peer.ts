// Optional peers are loaded when they are first needed, so that one can be used without the other.

/** What `prometheus` or `openTelemetry` throws when its client library is not installed. */
export class MissingPeerError extends Error {
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
