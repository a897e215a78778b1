// What a decision may look at: the head of a request, as plain data.
// Nothing here knows a framework or a socket, and nothing pure asks for more than this.

/** The HTTP versions that differ in what an expectation means (RFC 9110 section 10.1.1). */
export type HttpVersion = '1.0' | '1.1' | '2.0'

/**
 * Header fields under lower-case names, as Node gives them.
 * Several field lines of one name are an array, or one value joined with commas
 * (RFC 9110 section 5.3).
 */
export type HeaderFields = Readonly<Record<string, string | readonly string[] | undefined>>

/** A read-only view of a request before any of its content. */
export interface RequestHead {
  /** The method, as sent: methods are case-sensitive (RFC 9110 section 9.1). */
  readonly method: string
  /** The request target as sent, for example `/files/a.mp4?part=1`. */
  readonly target: string
  readonly version: HttpVersion
  readonly headers: HeaderFields
  /**
   * HTTP/2 only: the head carried END_STREAM, so that no content follows
   * (RFC 9113 section 8.1). Leave it out on HTTP/1, where the fields say it.
   */
  readonly endStream?: boolean
  /**
   * HTTP/1 only: fields were dropped, since there were more than the server keeps (`maxHeadersCount` of
   * `node:http`). What frames the content may be among them, so that its framing is unknown.
   */
  readonly fieldsDropped?: boolean
}

/**
 * A field as a single value: several lines combine with commas (RFC 9110 section 5.3). Adapters of serverless
 * functions give `Content-Length` as a number.
 *
 * @param field - As it stands in {@link RequestHead.headers}; `undefined` where the head has none.
 */
export function fieldValue(
  field: string | number | readonly string[] | undefined,
): string | undefined {
  if (field === undefined || typeof field === 'string') return field
  return typeof field === 'number' ? String(field) : field.join(', ')
}
