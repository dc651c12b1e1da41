-- Counts refusals that were decided before the ledger was asked, what rules in shadow would have refused, and beacons.
-- Guarantee: month and day change together.
-- KEYS[1] totals of the month  KEYS[2] its day
-- ARGV[1...] pairs of counter, `refused:<code>`, `shadow:<rule>` or `beacons`, and how many
-- Returns: `counted`
local totals_key, day_key = KEYS[1], KEYS[2]
local counts = ARGV
-- ---
for i = 1, #counts, 2 do
  redis.call('HINCRBY', totals_key, counts[i], counts[i + 1])
  redis.call('HINCRBY', day_key, counts[i], counts[i + 1])
end
return 'counted'
