// What an upload claims, from its head: its declared length, or what is claimed first where the head
// tells none.

import type { Framing } from '@expectation/core'
import type { Settings } from './settings.js'
import type { Claim, Limits } from './store.js'
import { NOBODY } from './tenant.js'

/**
 * The most that one upload counts for where no limit of bytes holds it: 8 TiB, so that no number of
 * them overflows a counter of 64 bits.
 */
const LARGEST_CLAIM = 2 ** 43

/** The largest content that a tenant could ever be let in with. */
export function mostOf({ bytes, tenantBytes }: Limits, tenant: string): number {
  return tenant === NOBODY ? bytes : Math.min(bytes, tenantBytes)
}

/** @param yields - Whether room has to be left for content that waits to grow. */
export function claimFor(
  id: string,
  framing: Framing,
  tenant: string,
  { limits, unknownLength }: Settings,
  yields: boolean,
): Claim {
  if (framing.kind !== 'length') {
    return { id, tenant, bytes: unknownLength.first, leavesHeadroom: true }
  }
  const limited = Number.isFinite(limits.bytes)
  const bytes = limited ? framing.bytes : Math.min(framing.bytes, LARGEST_CLAIM)
  return { id, tenant, bytes, leavesHeadroom: yields }
}
