// Counts the claims again and sets the counters right. Not before `every` ms have passed since anybody
// did, nor more often than 10 ms for each claim: it looks at all of them, and the server waits meanwhile.

export const AUDIT = `
local every, lease = tonumber(ARGV[1]), tonumber(ARGV[2])
local size = redis.call('HLEN', claims)
local since = now - field(used, 'audited')
if since >= 0 and since < math.max(every, size * 10) then return { -1 } end
redis.call('HSET', used, 'audited', whole(now))
reap()
local slots, bytes, wrong, tenants = 0, 0, 0, {}
local all = redis.call('HGETALL', claims)
for at = 1, #all, 2 do
  local held, tenant = read(all[at + 1])
  slots, bytes = slots + 1, bytes + held
  if tenant ~= '' then
    local of = tenants[tenant] or { 0, 0 }
    of[1], of[2] = of[1] + 1, of[2] + held
    tenants[tenant] = of
  end
  -- Without a lease it would never end.
  if not redis.call('ZSCORE', expiry, all[at]) then
    redis.call('ZADD', expiry, now + lease, all[at])
    wrong = wrong + 1
  end
end
if slots ~= field(used, 's') then wrong = wrong + 1 end
if bytes ~= field(used, 'b') then wrong = wrong + 1 end
local counted = redis.call('HGETALL', byTenant)
local known = 0
for at = 1, #counted, 2 do
  local of = tenants[string.sub(counted[at], 3)] or { 0, 0 }
  local kind = string.sub(counted[at], 1, 1) == 's' and 1 or 2
  if tonumber(counted[at + 1]) ~= of[kind] then wrong = wrong + 1 end
  known = known + 1
end
local expected = 0
for _ in pairs(tenants) do expected = expected + 2 end
if expected > known then wrong = wrong + expected - known end
if wrong > 0 then
  redis.call('HSET', used, 's', slots, 'b', whole(bytes))
  redis.call('DEL', byTenant)
  for tenant, of in pairs(tenants) do
    redis.call('HSET', byTenant, 's:' .. tenant, of[1], 'b:' .. tenant, whole(of[2]))
  end
end
return { wrong }
`
