// The scripts of a few lines: giving back, looking, leaving, and asking whether anybody is there.

/** ARGV: ids. What is not held is nothing. */
export const RELEASE = `
for at = 1, #ARGV do forget(ARGV[at]) end
return { 1 }
`

/** How much is in use, in which memory. ARGV: known fresh grace. */
export const LOOK = `
local name = epoch(ARGV[1], ARGV[2], tonumber(ARGV[3]))
reap()
return { name, field(used, 's'), whole(field(used, 'b')) }
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
