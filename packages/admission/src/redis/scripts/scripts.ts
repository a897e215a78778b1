// One script for all commands, known to the server by one digest. A server that has not seen a script
// answers NOSCRIPT, and it is sent whole in a second round trip: were there a script for each command,
// the first release would be overtaken by what this process asked after it, and room that is free
// would be refused. What shares a script is answered NOSCRIPT together, and sent again in order.

import { createHash } from 'node:crypto'
import { ACQUIRE } from './acquire.lua.js'
import { AUDIT } from './audit.lua.js'
import { PRELUDE } from './prelude.lua.js'
import { RAISE } from './raise.lua.js'
import { RENEW } from './renew.lua.js'
import { LEAVE, LOOK, PROBE, RELEASE } from './small.lua.js'

const COMMANDS = {
  acquire: ACQUIRE,
  release: RELEASE,
  renew: RENEW,
  raise: RAISE,
  look: LOOK,
  probe: PROBE,
  leave: LEAVE,
  audit: AUDIT,
} as const satisfies Readonly<Record<string, string>>

export type Command = keyof typeof COMMANDS

const branches = Object.entries(COMMANDS).map(([name, body]) => `command == '${name}' then${body}`)

/** ARGV: those of the command, and its name as the last one. */
export const SCRIPT: string = `${PRELUDE}
local command = table.remove(ARGV)
if ${branches.join('elseif ')}end
`

/** SHA-1 of the script, as EVALSHA wants it. */
export const DIGEST: string = createHash('sha1').update(SCRIPT).digest('hex')
