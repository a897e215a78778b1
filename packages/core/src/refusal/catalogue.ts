// Every reason the library itself gives, and the default reason of every common status.
// The first row of a status is its default. Reasons are public and stable: add, never rename.

import statuses from 'statuses'

/** One reason, as the reference documents it. */
export interface CatalogueEntry {
  /** The slug that clients and alerts match on. */
  readonly reason: string
  readonly status: number
  /** The reason phrase of RFC 9110 section 15, or of the RFC that registered the status. */
  readonly title: string
  /** What happened, for the caller of the API. */
  readonly meaning: string
  /** What the caller can do about it. */
  readonly remedy: string
}

type Row = readonly [number, string, string, string, string]

const ROWS = [
  [
    400,
    'bad_request',
    'Bad Request',
    'The request could not be understood.',
    'Correct the request.',
  ],
  [
    401,
    'unauthorized',
    'Unauthorized',
    'Credentials are missing or not valid.',
    'Send credentials of the scheme that WWW-Authenticate names.',
  ],
  [
    403,
    'forbidden',
    'Forbidden',
    'The credentials do not allow this.',
    'Ask for access, or use other credentials.',
  ],
  [404, 'not_found', 'Not Found', 'There is nothing at this address.', 'Check method and address.'],
  [
    405,
    'method_not_allowed',
    'Method Not Allowed',
    'The resource does not take this method.',
    'Use a method that Allow lists.',
  ],
  [
    406,
    'not_acceptable',
    'Not Acceptable',
    'No representation suits the Accept fields.',
    'Accept another representation.',
  ],
  [
    408,
    'request_timeout',
    'Request Timeout',
    'The request did not arrive in time.',
    'Send it again.',
  ],
  [
    409,
    'conflict',
    'Conflict',
    'The request conflicts with the state of the resource.',
    'Read the current state, then send again.',
  ],
  [
    410,
    'gone',
    'Gone',
    'The resource was here and will not come back.',
    'Remove the reference to it.',
  ],
  [
    411,
    'length_required',
    'Length Required',
    'The content has no declared length.',
    'Send Content-Length.',
  ],
  [
    412,
    'precondition_failed',
    'Precondition Failed',
    'A precondition of the request does not hold.',
    'Read the current state, then send again.',
  ],
  [
    413,
    'content_too_large',
    'Content Too Large',
    'The content is larger than the limit.',
    'Send less, or send it in parts.',
  ],
  [
    414,
    'uri_too_long',
    'URI Too Long',
    'The address is longer than the server reads.',
    'Shorten it, or move data into the content.',
  ],
  [
    415,
    'unsupported_media_type',
    'Unsupported Media Type',
    'The Content-Type is missing or not accepted here.',
    'Send a type that Accept lists.',
  ],
  [
    415,
    'unsupported_content_coding',
    'Unsupported Media Type',
    'The Content-Encoding is not accepted here.',
    'Send a coding that Accept-Encoding lists, or none.',
  ],
  [
    416,
    'range_not_satisfiable',
    'Range Not Satisfiable',
    'The range lies outside the representation.',
    'Ask for another range.',
  ],
  [
    417,
    'unsupported_expectation',
    'Expectation Failed',
    'The Expect field asks for something that is not supported.',
    'Send again without Expect, or with exactly: Expect: 100-continue.',
  ],
  [
    417,
    'malformed_expectation',
    'Expectation Failed',
    'The Expect field does not follow its grammar.',
    'Send again without Expect, or with exactly: Expect: 100-continue.',
  ],
  [
    421,
    'misdirected_request',
    'Misdirected Request',
    'This server does not answer for the host.',
    'Use another connection.',
  ],
  [
    422,
    'unprocessable_content',
    'Unprocessable Content',
    'The content is well-formed but cannot be acted on.',
    'Correct the content.',
  ],
  [423, 'locked', 'Locked', 'The resource is locked.', 'Wait for the lock to be released.'],
  [
    425,
    'too_early',
    'Too Early',
    'The request could be a replay of early data.',
    'Send it again when the handshake is done.',
  ],
  [
    426,
    'upgrade_required',
    'Upgrade Required',
    'The server wants another protocol.',
    'Use a protocol that Upgrade lists.',
  ],
  [
    428,
    'precondition_required',
    'Precondition Required',
    'The request must be conditional.',
    'Send If-Match or another precondition.',
  ],
  [
    429,
    'too_many_requests',
    'Too Many Requests',
    'A rate or quota is used up.',
    'Wait as Retry-After says.',
  ],
  [
    429,
    'too_many_uploads',
    'Too Many Requests',
    'This caller has as many uploads under way as it may have.',
    'Wait until one of them is done, or as Retry-After says.',
  ],
  [
    431,
    'request_header_fields_too_large',
    'Request Header Fields Too Large',
    'The header fields are larger than the server reads.',
    'Send fewer or smaller fields.',
  ],
  [
    500,
    'internal_error',
    'Internal Server Error',
    'The server failed.',
    'Report it, with the time of the request.',
  ],
  [501, 'not_implemented', 'Not Implemented', 'The server cannot do this.', 'Use another method.'],
  [
    502,
    'bad_gateway',
    'Bad Gateway',
    'A server behind this one gave an invalid answer.',
    'Try again later.',
  ],
  [
    502,
    'upstream_unreachable',
    'Bad Gateway',
    'No server behind this one could be reached.',
    'Try again later; no content was taken.',
  ],
  [
    502,
    'upstream_failed',
    'Bad Gateway',
    'The server behind this one broke off, or its answer could not be read.',
    'Try again later, if the method may be repeated.',
  ],
  [
    503,
    'service_unavailable',
    'Service Unavailable',
    'The server cannot answer at the moment.',
    'Wait as Retry-After says.',
  ],
  [
    503,
    'check_timed_out',
    'Service Unavailable',
    'The checks of the request did not finish in time.',
    'Wait as Retry-After says.',
  ],
  [
    503,
    'uploads_at_capacity',
    'Service Unavailable',
    'As many uploads are under way as the service takes at a time.',
    'Wait as Retry-After says.',
  ],
  [
    503,
    'admission_unavailable',
    'Service Unavailable',
    'The service cannot find out at the moment whether there is room for the upload.',
    'Wait as Retry-After says.',
  ],
  [
    504,
    'gateway_timeout',
    'Gateway Timeout',
    'A server behind this one did not answer in time.',
    'Try again later.',
  ],
  [
    504,
    'upstream_timeout',
    'Gateway Timeout',
    'The server behind this one did not answer in time.',
    'Try again later, if the method may be repeated.',
  ],
  [
    507,
    'insufficient_storage',
    'Insufficient Storage',
    'There is no room for the content.',
    'Free some room, or send less.',
  ],
  [
    508,
    'upstream_loop',
    'Loop Detected',
    'The request has come back to a gateway that it had already passed.',
    'Report it: the addresses of the servers behind the gateway lead back to it.',
  ],
] as const satisfies readonly Row[]

/** The reasons that the catalogue knows; applications may use their own beside them. */
export type CatalogueReason = (typeof ROWS)[number][1]

/** All known reasons, in the order of their status. */
export const catalogue: readonly CatalogueEntry[] = Object.freeze(
  ROWS.map(([status, reason, title, meaning, remedy]) =>
    Object.freeze({ reason, status, title, meaning, remedy }),
  ),
)

const DEFAULTS: ReadonlyMap<number, CatalogueEntry> = new Map(
  // Reversed, so that the first row of a status is the one that stays.
  catalogue.map((entry): [number, CatalogueEntry] => [entry.status, entry]).reverse(),
)

/** The default reason of a status; `http_<status>` when the catalogue has none. */
export function reasonFor(status: number): string {
  return DEFAULTS.get(status)?.reason ?? `http_${status}`
}

/** The reason phrase of a status: RFC 9110's words, else the registered ones, else its class. */
export function titleFor(status: number): string {
  return (
    DEFAULTS.get(status)?.title ??
    statuses.message[status] ??
    (status < 500 ? 'Client Error' : 'Server Error')
  )
}
