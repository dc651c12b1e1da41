-- Puts back who is stopped, linked, merged or erased, as it was last seen, in a store that has it from an earlier time.
-- Guarantee: atomic. What is of a later version than was seen stays as it is. Blocks are put back as a whole, since they
--   can be lifted; of the others, what is missing.
-- KEYS[1] names  KEYS[2] blocks  KEYS[3] links  KEYS[4] merges  KEYS[5] erased
-- ARGV[1] version that was seen  ARGV[2] fields of those four hashes, in that order, JSON list of objects, or of null for one
--   that was too large to be kept
-- Returns: `put-back` | `newer`
local names_key, hash_keys = KEYS[1], { KEYS[2], KEYS[3], KEYS[4], KEYS[5] }
local version, hashes = tonumber(ARGV[1]), cjson.decode(ARGV[2])
-- ---
if tonumber(redis.call('HGET', names_key, '#bonds') or '0') > version then return 'newer' end

if hashes[1] ~= cjson.null then redis.call('DEL', hash_keys[1]) end
for i = 1, #hash_keys do
  for field, text in pairs(hashes[i] ~= cjson.null and hashes[i] or {}) do
    redis.call('HSETNX', hash_keys[i], field, text)
  end
end
redis.call('HSET', names_key, '#bonds', version)
if redis.call('EXISTS', hash_keys[1], hash_keys[2]) > 0 then redis.call('HSET', names_key, '#exceptions', 1) end
return 'put-back'
