// Where the server under test listens, read from the URL on the command line.

export interface Address {
  readonly host: string
  readonly port: number
  readonly secure: boolean
  /** What goes into `Host` and `:authority`. */
  readonly authority: string
}

/**
 * @throws TypeError - not an `http:` or `https:` URL, or one with more than host and port; the message says what to write instead.
 */
export function readAddress(text: string): Address {
  const url = URL.canParse(text) ? new URL(text) : undefined
  if (url === undefined || !/^https?:$/.test(url.protocol)) {
    throw new TypeError(
      `${JSON.stringify(text)} is not a URL of a server. Write http://127.0.0.1:8080`,
    )
  }
  if (
    url.pathname !== '/' ||
    url.search !== '' ||
    url.hash !== '' ||
    url.username !== '' ||
    url.password !== ''
  ) {
    // What was written may hold a secret, so it is not repeated.
    throw new TypeError(
      `The URL of a server ends behind its port: write ${url.protocol}//${url.host}, a path in the ` +
        'routes, and credentials in the "fields" of a route',
    )
  }
  const secure = url.protocol === 'https:'
  const port = url.port === '' ? (secure ? 443 : 80) : Number(url.port)
  return { host: url.hostname.replace(/^\[|\]$/g, ''), port, secure, authority: url.host }
}
