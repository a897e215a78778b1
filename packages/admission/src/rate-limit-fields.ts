// `RateLimit-Policy` and `RateLimit` of draft-ietf-httpapi-ratelimit-headers-11, whose quota units
// `concurrent-requests` and `content-bytes` are what admission limits. Experimental, as the draft is.

import type { Limits, Shortage } from './store.js'

interface Quota {
  readonly name: string
  readonly limit: keyof Limits
  readonly unit: 'concurrent-requests' | 'content-bytes'
}

const QUOTAS: Readonly<Record<Shortage, Quota>> = {
  slots: { name: 'uploads', limit: 'slots', unit: 'concurrent-requests' },
  bytes: { name: 'content', limit: 'bytes', unit: 'content-bytes' },
  'tenant-slots': { name: 'own-uploads', limit: 'tenantSlots', unit: 'concurrent-requests' },
  'tenant-bytes': { name: 'own-content', limit: 'tenantBytes', unit: 'content-bytes' },
}

/** Integers of structured fields have 15 digits at most (RFC 9651 section 3.3.1). */
const LARGEST = 999_999_999_999_999

/** `t` is never later than `Retry-After`, which wins over it. */
export function rateLimitFields(
  limits: Limits,
  violated: Shortage,
  seconds: number,
): Readonly<Record<string, string>> {
  const policies = Object.values(QUOTAS).filter(({ limit }) => Number.isFinite(limits[limit]))
  return {
    'RateLimit-Policy': policies
      .map(
        ({ name, limit, unit }) => `"${name}";q=${Math.min(limits[limit], LARGEST)};qu="${unit}"`,
      )
      .join(', '),
    RateLimit: `"${QUOTAS[violated].name}";r=0;t=${seconds}`,
  }
}
