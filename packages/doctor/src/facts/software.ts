// Who is on the way, as far as they say so themselves: fields of their answers, and the words of a body.
// Nothing depends on it but the choice between remedies.

import type { FieldLine } from '@expectation/conformance'

export type Software =
  | 'nginx'
  | 'apache'
  | 'caddy'
  | 'lighttpd'
  | 'h2o'
  | 'varnish'
  | 'squid'
  | 'cloudfront'
  | 'cloudflare'
  | 'envoy'
  | 'express'
  | 'node'
  | 'expectation'

interface Sign {
  readonly software: Software
  readonly field: string
  readonly value: RegExp
}

const SIGNS: readonly Sign[] = [
  { software: 'nginx', field: 'server', value: /\b(?:nginx|openresty)\b/i },
  { software: 'apache', field: 'server', value: /\bapache\b/i },
  { software: 'caddy', field: 'server', value: /\bcaddy\b/i },
  { software: 'caddy', field: 'via', value: /\bcaddy\b/i },
  { software: 'lighttpd', field: 'server', value: /\blighttpd\b/i },
  { software: 'h2o', field: 'server', value: /\bh2o\b/i },
  { software: 'varnish', field: 'via', value: /\bvarnish\b/i },
  { software: 'varnish', field: 'x-varnish', value: /\d/ },
  { software: 'squid', field: 'via', value: /\bsquid\b/i },
  { software: 'squid', field: 'server', value: /\bsquid\b/i },
  { software: 'cloudfront', field: 'via', value: /\bcloudfront\b/i },
  { software: 'cloudflare', field: 'server', value: /\bcloudflare\b/i },
  { software: 'envoy', field: 'server', value: /\b(?:envoy|istio-envoy)\b/i },
  { software: 'express', field: 'x-powered-by', value: /^express$/i },
  { software: 'node', field: 'keep-alive', value: /^timeout=5$/ },
]

/** A body of ours names its reason: as JSON in each of its shapes, or as a page. */
const OUR_WORDS = /"(?:reason|error)":"[a-z][a-z0-9_]*"|<code>[a-z][a-z0-9_]*<\/code>/

export function saysOurReason(body: string): boolean {
  return OUR_WORDS.test(body)
}

export function softwareIn(fields: readonly FieldLine[], body: string): readonly Software[] {
  const found = SIGNS.filter(({ field, value }) =>
    fields.some(([name, text]) => name.toLowerCase() === field && value.test(text)),
  ).map(({ software }) => software)
  return [...new Set(saysOurReason(body) ? [...found, 'expectation' as const] : found)]
}
