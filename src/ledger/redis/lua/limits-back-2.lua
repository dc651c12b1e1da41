-- Puts limits back as they were last seen, as a whole, in a store that has older ones.
-- Guarantee: atomic. Limits of a later version than those seen stay as they are. Counters of alerts and audit entries are
--   left alone.
-- KEYS[1] limits  KEYS[2] raises
-- ARGV[1] version that was seen  ARGV[2] fields of the limits, JSON object  ARGV[3] fields of the raises, JSON object
-- Returns: `put-back` | `newer`
local limits_key, raises_key = KEYS[1], KEYS[2]
local version, limits, raises = tonumber(ARGV[1]), cjson.decode(ARGV[2]), cjson.decode(ARGV[3])
-- ---
if tonumber(redis.call('HGET', limits_key, '#version') or '0') > version then return 'newer' end

local fields = redis.call('HKEYS', limits_key)
for i = 1, #fields do
  if string.sub(fields[i], 1, 1) ~= '#' then redis.call('HDEL', limits_key, fields[i]) end
end
for field, text in pairs(limits) do
  redis.call('HSET', limits_key, field, text)
end
redis.call('HSET', limits_key, '#version', version)
redis.call('DEL', raises_key)
for id, raise in pairs(raises) do
  redis.call('HSET', raises_key, id, raise)
end
return 'put-back'
