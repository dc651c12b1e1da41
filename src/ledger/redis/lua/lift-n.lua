-- Raises counters to what they are known to have been.
-- Guarantee: atomic and idempotent; no counter is lowered.
-- KEYS[n...] hashes of counters
-- ARGV[1...] threes of the place of a hash among the keys (from 1), a field and the least that it must be
-- Returns: `lifted`
local hashes, hashes_from = KEYS, 1
local counters = ARGV
-- ---
for i = 1, #counters, 3 do
  local key, field, least = hashes[hashes_from + counters[i] - 1], counters[i + 1], tonumber(counters[i + 2])
  if tonumber(redis.call('HGET', key, field) or '0') < least then redis.call('HSET', key, field, least) end
end
return 'lifted'
