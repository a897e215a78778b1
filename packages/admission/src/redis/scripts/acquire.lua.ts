// Lets an upload in, if there is a slot and room for it, for its tenant and for all.

export const ACQUIRE = `
local id, tenant, bytes, lease = ARGV[1], ARGV[2], tonumber(ARGV[3]), tonumber(ARGV[4])
local name, told = epoch(ARGV[5], ARGV[6], tonumber(ARGV[7]))
local own, yields = ARGV[8] == '1', ARGV[9] == '1'
-- Limits; -1 is none.
local slots, most, open = tonumber(ARGV[10]), tonumber(ARGV[11]), tonumber(ARGV[12])
local tenantSlots, tenantMost, tenantOpen = tonumber(ARGV[13]), tonumber(ARGV[14]), tonumber(ARGV[15])
reap()
local s, b = field(used, 's'), field(used, 'b')
if redis.call('HEXISTS', claims, id) == 1 then return { 'granted', name, s, whole(b) } end
if not told or ahead('grace') then
  if not own then return { 'grace', name, s, whole(b) } end
  put(id, tenant, bytes, lease)
  return { 'own', name, s + 1, whole(b + bytes) }
end
if tenant ~= '' then
  local limit = yields and tenantOpen or tenantMost
  if tenantSlots >= 0 and field(byTenant, 's:' .. tenant) + 1 > tenantSlots then
    return { 'tenant-slots', name, s, whole(b) }
  end
  if limit >= 0 and field(byTenant, 'b:' .. tenant) + bytes > limit then
    return { 'tenant-bytes', name, s, whole(b) }
  end
end
if slots >= 0 and s + 1 > slots then return { 'slots', name, s, whole(b) } end
-- While content that grows waits somewhere, who comes leaves the headroom to it.
local limit = (yields or ahead('hungry')) and open or most
if limit >= 0 and b + bytes > limit then return { 'bytes', name, s, whole(b) } end
put(id, tenant, bytes, lease)
return { 'granted', name, s + 1, whole(b + bytes) }
`
