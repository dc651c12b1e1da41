-- Writes the alert that the forecast of a month crosses its limit, once a month.
-- Guarantee: atomic; of all gateways that ask, one writes it, and no later one again.
-- KEYS[1] papers of the month  KEYS[2] limits  KEYS[3] alerts
-- ARGV[1] month, YYYY-MM  ARGV[2] when, seconds since the month began  ARGV[3] limit, identities
-- ARGV[4] identities that the month is thought to end with
-- Returns: `written` | `known`, when it had been written before
local papers_key, limits_key, alerts_key = KEYS[1], KEYS[2], KEYS[3]
local month, at, limit, forecast = ARGV[1], ARGV[2], ARGV[3], ARGV[4]
-- ---
if redis.call('HSETNX', papers_key, 'forecast-alert', at) == 0 then return 'known' end
local id = redis.call('HINCRBY', limits_key, '#alerts', 1)
local text = table.concat({ month, at, '100', 'firing', limit, forecast, 'forecast' }, ' ')
redis.call('XADD', alerts_key, id .. '-0', 'alert', text)
return 'written'
