// Where the server under test listens, read from the URL on the command line.

export interface Address {
  readonly host: string
  readonly port: number
  readonly secure: boolean
  /** What goes into `Host` and `:authority`. */
  readonly authority: string
}

/**
 * @throws TypeError - not an `http:` or `https:` URL; the message says what to write instead.
 */
export function readAddress(text: string): Address {
  const url = URL.canParse(text) ? new URL(text) : undefined
  if (url === undefined || !/^https?:$/.test(url.protocol)) {
    throw new TypeError(
      `${JSON.stringify(text)} is not a URL of a server. Write http://127.0.0.1:8080`,
    )
  }
  const secure = url.protocol === 'https:'
  const port = url.port === '' ? (secure ? 443 : 80) : Number(url.port)
  return { host: url.hostname.replace(/^\[|\]$/g, ''), port, secure, authority: url.host }
}
