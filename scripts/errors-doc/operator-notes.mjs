// What an operator looks at when a reason shows up in numbers. One for each reason of the catalogue.

const handler = 'Whoever threw it: the application’s own log at the time of the request.'
const below =
  'Answers made below the framework are in `expectation_client_errors_total`, by Node’s code, when `normalizeClientErrors` is on.'

export const OPERATOR_NOTES = {
  bad_request: `${handler} ${below}`,
  upload_cut_off:
    'Clients that leave: their network, or a time-out of a proxy in front. Nothing of the upload is stored.',
  digest_mismatch:
    'One client: how it computes the digest. Several: a proxy that changes content on the way.',
  bad_file_name: 'The name in the address, and what the route makes of it.',
  unauthorized:
    'One client: its token. All clients at once: the identity provider or its keys. The outcome’s `by` names the check.',
  forbidden: `${handler} The outcome’s \`by\` names the check, when a check refused.`,
  not_found:
    'Outcomes without a `route`: a wrong base path, or a gateway that rewrites the address.',
  method_not_allowed: 'The route table, and gateways that turn PUT into POST.',
  not_acceptable: handler,
  request_timeout:
    'With `continueSent: true`, a client that got its 100 and sent nothing within `contentTimeoutMs`: its network, or a proxy that answers 100 by itself and holds the content back. Else Node’s `requestTimeout` and `headersTimeout`.',
  conflict: handler,
  gone: 'Who still links there: the `Referer` in the access log.',
  length_required:
    'Clients that stream without a length, and proxies that turn `Content-Length` into chunked coding. Buffering in the gateway restores the length, and costs its memory.',
  precondition_failed: 'Concurrent writers of the same resource.',
  content_too_large:
    '`expectation_avoided_bytes_total`: what it would have cost. The limit is in `error.details.limit`; a smaller one in front answers in its own words, without a reason.',
  uri_too_long: below,
  unsupported_media_type:
    'The `Accept` of the answer beside the client’s `Content-Type`; clients that send none.',
  unsupported_content_coding:
    'Clients that compress by default, and proxies that do it for them. The `Accept-Encoding` of the answer says what is taken.',
  range_not_satisfiable: handler,
  unsupported_expectation:
    '`expectation_unknown_expectations_total` by `kind`. Many at once after a deployment: a client library, or `acceptContinue: false`. See [troubleshooting](troubleshooting.md).',
  malformed_expectation:
    'Rare in earnest: somebody probes for request smuggling, or a proxy mangles the field. Watch `expectation_requests_after_refusal_total` beside it.',
  misdirected_request: 'Certificates and connection reuse of the gateway in front (HTTP/2).',
  unprocessable_content: handler,
  locked: handler,
  too_early: 'TLS early data: whether the gateway replays requests.',
  upgrade_required: handler,
  precondition_required: handler,
  too_many_requests:
    'The quota or rate limit that refused, named by the outcome’s `by`; whether `Retry-After` says a real time: without one it is one second.',
  too_many_uploads:
    '`tenantSlots` and `tenantBytes` of `admission()`; one caller alone is at its own limit, the pool is not.',
  request_header_fields_too_large: `${below} Cookies mostly, or Node’s \`--max-http-header-size\`.`,
  internal_error:
    'The error itself, once and whole, in the log of the error handler; the client sees none of it.',
  not_implemented: handler,
  bad_gateway: 'What the application calls; the library never makes it by itself.',
  service_unavailable:
    'What the application depends on. From below the framework: `maxRequestsPerSocket` of the server is too small for what a proxy reuses.',
  check_timed_out:
    '`expectation_decision_duration_seconds` near `checkTimeoutMs`, and `expectation_pending_decisions`: what the slow check asks. Clients that wait one second send anyway soon after.',
  uploads_at_capacity:
    '`expectation_admission_held_slots` and `_held_bytes` beside the limits; `_waiting`, which rises first. Uploads that hold their slot for long: `_hold_seconds`. See [admission](admission.md).',
  admission_unavailable:
    'Redis, or the way to it: `expectation_admission_store_failures_total` and `_store_up`. See [what happens when](admission.md#what-happens-when).',
  gateway_timeout: 'What the application calls; the library never makes it by itself.',
  storage_refused:
    'The error’s `cause`, in the log, is the storage’s own: a bucket that is not there, a key that may not write, a setting that it does not know.',
  upstream_unreachable:
    '`expectation_relay_attempts_total` with `verdict="failed"`, by upstream: is it up, and does the network let the gateway through within `connectTimeoutMs`? The error’s `cause`, in the log, has Node’s code.',
  upstream_failed:
    'The error’s `cause`, in the log: a reset before the answer (`ECONNRESET`) is a crash or a restart of the upstream; `HPE_…` is an answer that is not HTTP.',
  upstream_timeout:
    'The attempts that `onRelay` tells: `silent` before the verdict, or none after the content. `responseTimeoutMs` may be too short for what the upstream does, or the upstream takes no more content.',
  upstream_loop:
    'The `Via` of the request, and the addresses of `upstreams`: one of them leads back to the gateway.',
  insufficient_storage: 'Free space where uploads are stored, and quotas.',
}
