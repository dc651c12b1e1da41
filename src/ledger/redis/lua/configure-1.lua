-- Writes a configured budget, unless it is the one that holds already.
-- Guarantee: atomic. The version of the limits rises once for a budget, however many gateways start with it at once.
-- KEYS[1] limits
-- ARGV[1] month from which on it holds, `YYYY-MM`  ARGV[2] budget text
-- Returns: `configured` | `same`
local limits_key = KEYS[1]
local month, text = ARGV[1], ARGV[2]
-- ---
local fields = redis.call('HGETALL', limits_key)
local latest, present = '', nil
for i = 1, #fields, 2 do
  local from = string.match(fields[i], '^configured:(.+)$')
  if from and from <= month and from > latest then latest, present = from, fields[i + 1] end
end
if present == text then return 'same' end
redis.call('HSET', limits_key, 'configured:' .. month, text)
redis.call('HINCRBY', limits_key, '#version', 1)
return 'configured'
