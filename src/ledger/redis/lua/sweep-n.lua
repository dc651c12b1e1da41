-- Forgets conversations whose last message is long ago, in some buckets.
-- Guarantee: atomic. Ends after a bounded number of conversations, always at the end of a bucket; safe to repeat.
-- KEYS[n...] buckets of conversations
-- ARGV[1] month of the oldest message that keeps a conversation (counted from January 1970)
-- Returns: how many of the buckets were looked through, at least one
local buckets, buckets_from = KEYS, 1
local kept_from = tonumber(ARGV[1])
-- ---
-- As `includes/conversations.lua` keeps one: highest index + 1, whether it was removed, then its months with a message.
local MONTHS_FROM, LOOKED_AT_MAX, DELETED_MAX = 6, 2000, 1000

local function newest_month(bytes)
  local newest = nil
  for i = MONTHS_FROM, #bytes, 2 do
    local month = struct.unpack('<H', bytes, i)
    if not newest or month > newest then newest = month end
  end
  return newest
end

local looked_at = 0
for b = buckets_from, #buckets do
  local fields = redis.call('HGETALL', buckets[b])
  local old = {}
  for i = 1, #fields, 2 do
    local newest = newest_month(fields[i + 1])
    if newest and newest < kept_from then old[#old + 1] = fields[i] end
  end
  for from = 1, #old, DELETED_MAX do
    redis.call('HDEL', buckets[b], unpack(old, from, math.min(#old, from + DELETED_MAX - 1)))
  end
  looked_at = looked_at + #fields / 2
  if looked_at >= LOOKED_AT_MAX then return b - buckets_from + 1 end
end
return #buckets - buckets_from + 1
