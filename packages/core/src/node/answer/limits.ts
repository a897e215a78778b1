// What a gate allows, told in fields of the response, where it was asked to tell (`advertiseLimits`).

import type { ServerResponse } from 'node:http'
import type { PolicyInForce } from '../../policy/in-force.js'
import { limitFields } from '../../policy/limit-fields.js'
import { isHeadMade } from './kept-head.js'

/**
 * `Upload-Limit` on any other answer would claim resumable uploads
 * (draft-ietf-httpbis-resumable-upload), so that only 413 carries it.
 *
 * @param status - Of the response, or `undefined` for one to `OPTIONS`.
 * @param limit - The least limit of the gates that the request has met.
 */
export function tellLimits(
  response: ServerResponse,
  policy: PolicyInForce | undefined,
  status: number | undefined,
  limit: number | undefined,
): void {
  if (policy?.advertiseLimits !== true || isHeadMade(response)) return
  const { acceptedTypes } = policy
  const maxContentLength = status === 413 ? (limit ?? policy.maxContentLength) : undefined
  const fields = limitFields({ acceptedTypes, maxContentLength }, status ?? 200)
  for (const [name, value] of Object.entries(fields)) response.setHeader(name, value)
}
