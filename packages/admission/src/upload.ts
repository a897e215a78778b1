// One upload that was let in: what it holds, and that it gives all of it back.

import { Grant, type GrantEnd } from '@expectation/core'
import { Growth } from './growth.js'
import type { House } from './house.js'
import type { Claim } from './store.js'

/** @param unknownLength - Whether the content is held to what was claimed. */
export function grantFor(house: House, claim: Claim, unknownLength: boolean): Grant {
  const { settings, pool, meter, holdTime, left } = house
  const { counted, growth } = settings.unknownLength
  const since = performance.now()
  const isHeld = unknownLength && counted
  const growing = isHeld && growth !== undefined ? new Growth(house, claim) : undefined
  const release = (end: GrantEnd) => {
    const heldMs = performance.now() - since
    holdTime.add(heldMs)
    growing?.end(end)
    pool.release(claim.id)
    left()
    meter.tell({ kind: 'released', heldMs })
  }
  if (growing !== undefined) {
    return new Grant({
      release,
      bytes: claim.bytes,
      extend: (received) => growing.extend(received),
    })
  }
  return isHeld ? new Grant({ release, bytes: claim.bytes }) : new Grant({ release })
}
