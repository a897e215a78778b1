// Why a run could not be made: nobody is there, or it is not what the address says. What a server does
// with uploads is never an error here; that is what the report is for.

/** Stable codes of {@link DoctorError}; match on these, never on messages. */
export type DoctorErrorCode =
  /** Nobody accepts connections there. */
  | 'connection_refused'
  /** The name has no address, or there is no way to it. */
  | 'host_unreachable'
  /** What is there says something else than TLS, and the address says `https:`. */
  | 'no_tls'
  /** The server speaks TLS, and refuses to with the doctor: it wants a certificate, another version, HTTP/2 only. */
  | 'tls_refused'
  /** The server speaks TLS, and the address says `http:`. */
  | 'tls_expected'
  /** The certificate is not trusted, and `insecure` is not set. */
  | 'certificate_untrusted'
  /** No connection, or no answer to the first request, in time. */
  | 'timed_out'
  /** What is there does not speak HTTP/1.1, or ends connections before it answers. */
  | 'not_http'
  /** The port of the doctor's own origin cannot be listened on. */
  | 'origin_unavailable'
  /** Nothing came through the proxy to the doctor's own origin. */
  | 'origin_not_reached'

/** What `doctor()` and `doctorBehind()` reject with when they could not run. */
export class DoctorError extends Error {
  override readonly name = 'DoctorError'

  constructor(
    readonly code: DoctorErrorCode,
    message: string,
    options?: ErrorOptions,
  ) {
    super(message, options)
  }
}
