-- Puts people back into a month.
-- Guarantee: atomic and idempotent. Whoever is in the month stays as they are; whoever is counted here is counted once,
--   in every derived count of the month. Whoever is in the month before is `returning`, whichever month was put back first,
--   and so are those put back here in the month after.
-- KEYS[1] names  KEYS[2] months  KEYS[3] totals of the month  KEYS[4] its index of buckets  KEYS[5] totals of the month after it
-- KEYS[n...] then per person: bucket, day of the first instant, buckets of the month before and of the month after
-- ARGV[1] epoch of the codes  ARGV[2] month `YYYY-MM`  ARGV[3] `count`, or `place` when the counts know them already
-- ARGV[4...] per person: identity, packed record
-- Returns: `codes` when the epoch is another one and nothing was done | `returned`
-- include: record
-- include: month
-- include: late
local names_key, months_key, totals_after_key = KEYS[1], KEYS[2], KEYS[5]
local month = open_month(ARGV[2], KEYS[3], KEYS[4])
local place_keys, place_keys_from, KEYS_EACH = KEYS, 6, 4
local epoch, how = ARGV[1], ARGV[3]
local people, people_from = ARGV, 4
-- ---
if redis.call('HGET', names_key, '#epoch') ~= epoch then return 'codes' end

local late = open_late(month, nil, nil, totals_after_key)
for i = people_from, #people, 2 do
  local place = place_keys_from + (i - people_from) / 2 * KEYS_EACH
  local bucket_key, day_key, before_key, after_key = unpack(place_keys, place, place + KEYS_EACH - 1)
  local identity, bytes = people[i], people[i + 1]
  if redis.call('HEXISTS', bucket_key, identity) == 0 then
    local record = decode_record(bytes)
    local mask_before = record.mask
    if redis.call('HEXISTS', before_key, identity) == 1 then set_mark(record, RETURNING) end
    if how == 'count' then
      count_newcomer(month, bucket_key, day_key, record.class, record.tenant, record.mask, record.first)
    else
      month.filled[#month.filled + 1] = string.sub(bucket_key, month.bucket_from)
      move_mask(month, record, mask_before)
    end
    write_person(month, bucket_key, identity, encode_record(record))
  end
  -- Also of those who are here already: a version before this one may have put them back.
  late.mark_after(after_key, identity)
end
write_month(month, months_key)
late.write(months_key)
return 'returned'
