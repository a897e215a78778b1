// Whether a claim fits into what is left. The tenant's own limits come first: who is
// at its own limit has to hear that, also when everybody's is reached.

import type { Claim, Limits, Shortage } from './store.js'

/** What is in use. */
export interface Use {
  slots: number
  bytes: number
}

/** @returns `undefined` when it fits. */
export function shortageOf(
  limits: Limits,
  claim: Claim,
  used: Use,
  ofTenant: Use | undefined,
): Shortage | undefined {
  if (claim.tenant !== '') {
    const { slots, bytes } = ofTenant ?? NO_USE
    if (slots + 1 > limits.tenantSlots) return 'tenant-slots'
    const most = claim.leavesHeadroom ? limits.tenantOpenBytes : limits.tenantBytes
    if (bytes + claim.bytes > most) return 'tenant-bytes'
  }
  if (used.slots + 1 > limits.slots) return 'slots'
  const most = claim.leavesHeadroom ? limits.openBytes : limits.bytes
  if (used.bytes + claim.bytes > most) return 'bytes'
  return undefined
}

const NO_USE: Readonly<Use> = Object.freeze({ slots: 0, bytes: 0 })
