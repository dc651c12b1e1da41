-- Counts refusals that were decided before the ledger was asked.
-- Guarantee: month and day change together.
-- KEYS[1] totals of the month  KEYS[2] its day
-- ARGV[1...] pairs of refusal code and how many
-- Returns: `counted`
local totals_key, day_key = KEYS[1], KEYS[2]
local counts = ARGV
-- ---
for i = 1, #counts, 2 do
  local field = 'refused:' .. counts[i]
  redis.call('HINCRBY', totals_key, field, counts[i + 1])
  redis.call('HINCRBY', day_key, field, counts[i + 1])
end
return 'counted'
