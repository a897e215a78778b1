// What a gate allows, as response fields that say it to callers: `Accept-Post` (Linked Data Platform
// 1.0 section 7.1) and `Accept-Patch` (RFC 5789 section 3.1) for media types, and `Upload-Limit` of
// draft-ietf-httpbis-resumable-upload for the size, which is experimental until it is an RFC.

import type { Policy } from './policy.js'

type Limits = Pick<Policy, 'acceptedTypes' | 'maxContentLength'>

export function limitFields({ acceptedTypes, maxContentLength }: Limits): Record<string, string> {
  const types = acceptedTypes?.join(', ')
  return {
    ...(types !== undefined && { 'Accept-Post': types, 'Accept-Patch': types }),
    ...(maxContentLength !== undefined && { 'Upload-Limit': `max-size=${maxContentLength}` }),
  }
}
