// Raises a claim to a total, for content that grows. A total, not a difference: told twice it counts once.

export const RAISE = `
local id, tenant, before, total = ARGV[1], ARGV[2], tonumber(ARGV[3]), tonumber(ARGV[4])
local lease = tonumber(ARGV[5])
local name, told = epoch(ARGV[6], ARGV[7], tonumber(ARGV[8]))
local most, tenantMost, patience = tonumber(ARGV[9]), tonumber(ARGV[10]), tonumber(ARGV[11])
reap()
if not told or ahead('grace') then return { 'grace', name } end
local claim = redis.call('HGET', claims, id)
-- It is held, whether it is remembered or not.
if not claim then put(id, tenant, before, lease) end
local bytes = claim and read(claim) or before
if bytes >= total then return { 'granted', name } end
local by = total - bytes
if tenant ~= '' and tenantMost >= 0 and field(byTenant, 'b:' .. tenant) + by > tenantMost then
  return { 'tenant-bytes', name }
end
if most >= 0 and field(used, 'b') + by > most then
  redis.call('HSET', used, 'hungry', whole(now + patience))
  return { 'bytes', name }
end
redis.call('HSET', claims, id, whole(total) .. '|' .. tenant)
count(tenant, 0, by)
return { 'granted', name }
`
