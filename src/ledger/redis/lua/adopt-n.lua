-- Lets a member go on under the identity that their browser had as a guest.
-- Guarantee: atomic, and asking again changes nothing. A guest is adopted at most once, and only by a member whom no
--   kept month has counted. A guest known to be one member, adopted or not, is never another.
-- KEYS[1] links  KEYS[2] blocks  KEYS[3] merges  KEYS[4] names  KEYS[5] totals of the present month  KEYS[6] relinked
-- KEYS[n...] the member's bucket of each kept month
-- ARGV[1] the guest's identity  ARGV[2] the member's own identity  ARGV[3] now, ms since 1970
-- ARGV[4] epoch  ARGV[5] the highest ordinal of the present month that the caller has read
-- ARGV[6] `wait` while newcomers do, or empty  ARGV[7] how many of those who were linked last are kept for other gateways
-- Returns: with nothing done the text `codes` when the epoch is another one, `behind` when the month has fewer mints than that,
--   or `held` while newcomers wait: the store may have lost that the member was counted; else a list of `adopted` | `already-linked` | `guest-already-adopted` | `member-has-identity` | `identity-blocked`,
--   the identity that the member is served as
local links_key, blocks_key, merges_key, names_key, totals_key, relinked_key = KEYS[1], KEYS[2], KEYS[3], KEYS[4], KEYS[5], KEYS[6]
local bucket_keys, bucket_keys_from = KEYS, 7
local guest, member, now = ARGV[1], ARGV[2], ARGV[3]
local epoch, mark, newcomers_wait, relinked_max = ARGV[4], tonumber(ARGV[5]), ARGV[6] == 'wait', tonumber(ARGV[7])
-- ---
if redis.call('HGET', names_key, '#epoch') ~= epoch then return 'codes' end
if tonumber(redis.call('HGET', totals_key, 'minted') or '0') < mark then return 'behind' end
if guest == member then return { 'already-linked', member } end
local linked = redis.call('HMGET', links_key, member, guest)
if linked[1] and string.sub(linked[1], 1, 1) ~= '!' then return { 'already-linked', linked[1] } end
if newcomers_wait then return 'held' end
local blocked = redis.call('HMGET', blocks_key, guest, member)
if blocked[1] or blocked[2] then return { 'identity-blocked', member } end
local merged = redis.call('HGET', merges_key, guest)
local merged_with = merged and string.match(merged, '^(%S+)')
if linked[2] or (merged_with and merged_with ~= member) then return { 'guest-already-adopted', member } end
for i = bucket_keys_from, #bucket_keys do
  if redis.call('HEXISTS', bucket_keys[i], member) == 1 then
    redis.call('HSETNX', merges_key, guest, member .. ' ' .. now)
    return { 'member-has-identity', member }
  end
end
redis.call('HSET', names_key, '#exceptions', 1)
redis.call('HSET', links_key, member, guest, guest, '!' .. member)
redis.call('HINCRBY', names_key, '#relinked', 2)
redis.call('LPUSH', relinked_key, member, guest)
redis.call('LTRIM', relinked_key, 0, relinked_max - 1)
redis.call('HINCRBY', totals_key, 'adopted', 1)
return { 'adopted', guest }
