// The scripts of a few lines: giving back, looking, leaving, and asking whether anybody is there.

/** ARGV: ids. What is not held is nothing. */
export const RELEASE = `
for at = 1, #ARGV do forget(ARGV[at]) end
return { 1 }
`

/** How much is in use, by how many processes. */
export const LOOK = `
reap()
return { field(used, 's'), whole(field(used, 'b')), redis.call('ZCOUNT', processes, now, '+inf') }
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
