// What a room of server/rooms.cjs does, as far as those who judge have to know.

export const roomOf = ({ url }) => /^\/([a-z]+)(?:[?#].*)?$/.exec(url)?.[1]
/** Rooms that answer once they have read everything. */
export const READERS = new Set(['read', 'late', 'iterate'])
