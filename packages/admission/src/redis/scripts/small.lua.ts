// The scripts of a few lines: giving back, looking, leaving, and asking whether anybody is there.

/** ARGV: ids. What is not held is nothing. */
export const RELEASE = `
for at = 1, #ARGV do forget(ARGV[at]) end
return { 1 }
`

/** How much is in use, in which memory, and whether it decides by that. ARGV: known fresh grace. */
export const LOOK = `
local name, told = epoch(ARGV[1], ARGV[2], tonumber(ARGV[3]))
reap()
local decides = told and not ahead('grace') and 1 or 0
return { name, field(used, 's'), whole(field(used, 'b')), decides }
`

/** Tells nothing: what waited in a queue may be old when it is read. */
export const PROBE = `
return { 1 }
`

/** ARGV: process. */
export const LEAVE = `
redis.call('ZREM', processes, ARGV[1])
return { 1 }
`
