// All scripts, each with the digest that the server knows it by once it has seen it.

import { createHash } from 'node:crypto'
import { ACQUIRE } from './acquire.lua.js'
import { AUDIT } from './audit.lua.js'
import { PRELUDE } from './prelude.lua.js'
import { RAISE } from './raise.lua.js'
import { RENEW } from './renew.lua.js'
import { LEAVE, LOOK, PROBE, RELEASE } from './small.lua.js'

export interface Script {
  readonly source: string
  /** SHA-1 of the source, as EVALSHA wants it. */
  readonly sha: string
}

export const SCRIPTS = {
  acquire: script(ACQUIRE),
  raise: script(RAISE),
  release: script(RELEASE),
  renew: script(RENEW),
  look: script(LOOK),
  probe: script(PROBE),
  leave: script(LEAVE),
  audit: script(AUDIT),
} as const satisfies Readonly<Record<string, Script>>

function script(body: string): Script {
  const source = `${PRELUDE}${body}`
  return { source, sha: createHash('sha1').update(source).digest('hex') }
}
