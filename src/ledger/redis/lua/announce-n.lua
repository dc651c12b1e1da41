-- Makes it known to every gateway that the store has lost data of a service: from now on it has another epoch.
-- Guarantee: atomic. Changes the epoch once, whoever asks first, and keeps the one before; ordinals that were given out are never given again.
-- KEYS[1] names
-- KEYS[n...] totals of the months that the caller has read
-- ARGV[1] the epoch under which the loss was found  ARGV[2] the one that takes its place
-- ARGV[3...] for each of those months the highest ordinal that was read
-- Returns: the epoch that holds now
local names_key = KEYS[1]
local totals_keys, totals_from = KEYS, 2
local epoch_found, epoch_after, marks = ARGV[1], ARGV[2], { unpack(ARGV, 3) }
-- ---
for i = 1, #marks do
  local totals_key, mark = totals_keys[totals_from + i - 1], tonumber(marks[i])
  local minted = tonumber(redis.call('HGET', totals_key, 'minted') or '0')
  if minted < mark then redis.call('HSET', totals_key, 'minted', mark) end
end

local epoch = redis.call('HGET', names_key, '#epoch')
if epoch and epoch ~= epoch_found then return epoch end
redis.call('HSET', names_key, '#epoch', epoch_after, '#epoch-before', epoch or '')
return epoch_after
