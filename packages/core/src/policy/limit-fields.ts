// What a gate allows, as response fields that say it to callers: `Accept-Post` (Linked Data Platform
// 1.0 section 7.1) and `Accept-Patch` (RFC 5789 section 3.1) for media types, and `Upload-Limit` of
// draft-ietf-httpbis-resumable-upload for the size, which is experimental until it is an RFC.

import type { Policy } from './policy.js'

type Limits = Pick<Policy, 'acceptedTypes' | 'maxContentLength'>

/**
 * @param status - Of the response that carries them. `Upload-Limit` says of a resource that it takes
 * resumable uploads (section 5 of the draft), except beside the 413 that it explains: so it is told
 * nowhere else.
 */
export function limitFields(
  { acceptedTypes, maxContentLength }: Limits,
  status = 413,
): Record<string, string> {
  const types = acceptedTypes?.join(', ')
  const limit = status === 413 ? maxContentLength : undefined
  return {
    ...(types !== undefined && { 'Accept-Post': types, 'Accept-Patch': types }),
    ...(limit !== undefined && { 'Upload-Limit': `max-size=${limit}` }),
  }
}
