// What all scripts share. Laws:
// - time is the server's own: a client's clock decides nothing
// - that clock may be set, or stand still with its machine: what ends too far ahead does not count, and
//   leases that nobody could renew end only after all that is held was told again
// - every key is in KEYS, and all of them carry one hash tag, so that a cluster runs the scripts too
// - whatever is told twice, or late, counts once: claims have ids, and totals are set, not added

export const PRELUDE = `
local used, byTenant, claims, expiry, processes = KEYS[1], KEYS[2], KEYS[3], KEYS[4], KEYS[5]
local clock = redis.call('TIME')
local now = tonumber(clock[1]) * 1000 + math.floor(tonumber(clock[2]) / 1000)

local function whole(number) return string.format('%.0f', number) end

local function field(hash, name) return tonumber(redis.call('HGET', hash, name) or '0') end

-- Whether a moment that was set is still to come. None is further away than a grace may be long: the clock
-- was set back then.
local function ahead(name)
  local left = field(used, name) - now
  return left > 0 and left <= 60000
end

-- A claim is stored as "bytes|tenant".
local function read(claim)
  local bar = string.find(claim, '|', 1, true)
  return tonumber(string.sub(claim, 1, bar - 1)), string.sub(claim, bar + 1)
end

local function count(tenant, slots, bytes)
  redis.call('HINCRBY', used, 's', slots)
  redis.call('HINCRBY', used, 'b', whole(bytes))
  if tenant == '' then return end
  if redis.call('HINCRBY', byTenant, 's:' .. tenant, slots) <= 0 then
    redis.call('HDEL', byTenant, 's:' .. tenant, 'b:' .. tenant)
  else
    redis.call('HINCRBY', byTenant, 'b:' .. tenant, whole(bytes))
  end
end

local function put(id, tenant, bytes, lease)
  redis.call('HSET', claims, id, whole(bytes) .. '|' .. tenant)
  redis.call('ZADD', expiry, now + lease, id)
  count(tenant, 1, bytes)
end

local function forget(id)
  redis.call('ZREM', expiry, id)
  local claim = redis.call('HGET', claims, id)
  if not claim then return end
  redis.call('HDEL', claims, id)
  local bytes, tenant = read(claim)
  -- Not -bytes: minus zero is no integer to the server.
  count(tenant, -1, 0 - bytes)
end

-- Claims whose lease has ended; a hundred at most, so that no call takes long.
local function reap()
  local ended = redis.call('ZRANGEBYSCORE', expiry, '-inf', now, 'LIMIT', 0, 100)
  for _, id in ipairs(ended) do forget(id) end
  return #ended
end

-- Names the memory of this server, and says whether the caller has told it what it holds. Who knows
-- another name has not, and others may not have either: until all have, nobody knows the total.
local function epoch(known, fresh, grace)
  local name = redis.call('HGET', used, 'e')
  if not name then
    name = fresh
    -- Half a memory is none: claims that no counter counts would be let in beside again.
    redis.call('DEL', byTenant, claims, expiry)
    redis.call('HSET', used, 'e', name)
  end
  -- Nobody was heard for a whole lease: this server stood still, or its clock was set ahead, and what is
  -- held counts as ended. Heartbeats say by when the next one is due. Under another name it is told again,
  -- by whoever looks or asks: the next heartbeats may come after the grace.
  local due = field(used, 'due')
  if due > 0 and now > due and redis.call('EXISTS', claims) == 1 then
    name = string.match(name, '^[^~]*') .. '~' .. fresh
    redis.call('HSET', used, 'e', name, 'grace', whole(now + grace), 'due', 0)
  end
  if known == '' or known == name then return name, true end
  redis.call('HSETNX', used, 'grace', whole(now + grace))
  return name, false
end
`
