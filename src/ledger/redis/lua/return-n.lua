-- Puts people back into a month.
-- Guarantee: atomic and idempotent. Whoever is in the month stays as they are; whoever is counted here is counted once,
--   in every derived count of the month.
-- KEYS[1] names  KEYS[2] months  KEYS[3] totals of the month  KEYS[4] its index of buckets
-- KEYS[n...] then per person: bucket, day of the first instant
-- ARGV[1] epoch of the codes  ARGV[2] month `YYYY-MM`  ARGV[3] `count`, or `place` when the counts know them already
-- ARGV[4...] per person: identity, packed record
-- Returns: `codes` when the epoch is another one and nothing was done | `returned`
-- include: record
-- include: month
local names_key, months_key = KEYS[1], KEYS[2]
local month = open_month(ARGV[2], KEYS[3], KEYS[4])
local place_keys, place_keys_from = KEYS, 5
local epoch, how = ARGV[1], ARGV[3]
local people, people_from = ARGV, 4
-- ---
if redis.call('HGET', names_key, '#epoch') ~= epoch then return 'codes' end

for i = people_from, #people, 2 do
  local place = place_keys_from + i - people_from
  local bucket_key, day_key = place_keys[place], place_keys[place + 1]
  local identity, bytes = people[i], people[i + 1]
  if redis.call('HEXISTS', bucket_key, identity) == 0 then
    write_person(month, bucket_key, identity, bytes)
    if how == 'count' then
      local record = decode_record(bytes)
      count_newcomer(month, bucket_key, day_key, record.class, record.tenant, record.mask, record.first)
    else
      month.filled[#month.filled + 1] = string.sub(bucket_key, month.bucket_from)
    end
  end
end
write_month(month, months_key)
return 'returned'
