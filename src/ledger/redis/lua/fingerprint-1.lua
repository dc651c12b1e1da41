-- Remembers the fingerprint of the identity secret and compares later ones with it.
-- Guarantee: of two gateways that start at once with different secrets, one is told `different`.
-- KEYS[1] settings
-- ARGV[1] fingerprint  ARGV[2] `replace` to store it whatever was there, else `keep`
-- Returns: `first` (nothing was there) | `same` | `different` (replaced when asked to)
local settings_key = KEYS[1]
local fingerprint, on_difference = ARGV[1], ARGV[2]
-- ---
local known = redis.call('HGET', settings_key, 'identity-fingerprint')
if known == fingerprint then return 'same' end
if not known or on_difference == 'replace' then
  redis.call('HSET', settings_key, 'identity-fingerprint', fingerprint)
end
return known and 'different' or 'first'
