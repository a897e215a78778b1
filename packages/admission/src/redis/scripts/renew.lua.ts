// The heartbeat: a process says what it holds. It renews leases, and brings back what the server has
// lost by a restart, a failover, an eviction or a lease that ended while the process was frozen.

export const RENEW = `
local lease, grace = tonumber(ARGV[2]), tonumber(ARGV[5])
local name = epoch(ARGV[3], ARGV[4], grace)
-- It has let uploads in on its own account: until the others have told theirs, nobody knows the total.
if ARGV[6] == '1' then redis.call('HSET', used, 'grace', whole(now + grace)) end
local restored = 0
for at = 7, #ARGV, 3 do
  local id, bytes, tenant = ARGV[at], tonumber(ARGV[at + 1]), ARGV[at + 2]
  local claim = redis.call('HGET', claims, id)
  if not claim then
    put(id, tenant, bytes, lease)
    restored = restored + 1
  else
    redis.call('ZADD', expiry, now + lease, id)
    local stored = read(claim)
    -- Grown while nobody could be told.
    if bytes > stored then
      redis.call('HSET', claims, id, whole(bytes) .. '|' .. tenant)
      count(tenant, 0, bytes - stored)
    end
  end
end
redis.call('ZADD', processes, now + lease, ARGV[1])
redis.call('ZREMRANGEBYSCORE', processes, '-inf', now)
-- After a clock that was set back, leases of who is gone would hold for as long as it was.
local far = now + 20 * lease
redis.call('ZREMRANGEBYSCORE', processes, '(' .. whole(far), '+inf')
for _, id in ipairs(redis.call('ZRANGEBYSCORE', expiry, '(' .. whole(far), '+inf', 'LIMIT', 0, 100)) do
  redis.call('ZADD', expiry, now + lease, id)
end
local due = field(used, 'due')
if due > far then due = 0 end
redis.call('HSET', used, 'due', whole(math.max(due, now + lease)))
reap()
-- Pools that nobody uses any more go by themselves.
for _, key in ipairs(KEYS) do redis.call('PEXPIRE', key, math.max(3600000, 20 * lease)) end
local decides = ahead('grace') and 0 or 1
return {
  restored, name, redis.call('ZCARD', processes), field(used, 's'), whole(field(used, 'b')), decides
}
`
