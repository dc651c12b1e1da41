-- Adds evidence to the people of one month.
-- Guarantee: atomic, idempotent and order-free. The earliest instant of a signal wins, whoever is in the month before is
--   `returning` whichever month was told of first, days count by first instants, and nothing is ever refused.
-- KEYS[1] names  KEYS[2] months  KEYS[3] limits  KEYS[4] alerts  KEYS[5] totals of the month  KEYS[6] its index of buckets
-- KEYS[7] totals of the month after it
-- KEYS[n...] days that the evidence is of, in a whole call every day of the month; then per person: bucket of the month,
--   bucket of the month before it, in a whole call also bucket of the month after it
-- ARGV[1] epoch of the codes  ARGV[2] month `YYYY-MM`  ARGV[3] how many days are among the keys
-- ARGV[4] `whole` or empty; most evidence is of the last minutes and needs nothing of what a whole call has besides
-- ARGV[5] people, each packed as PERSON below: code of the class for a newcomer, earliest and latest instant (seconds since
--   the month began), place of the day of the earliest among the days, number of pieces and identity; behind it the
--   pieces, each as PIECE: signal bit number, source code, minute of the month
-- Returns: `recorded`; or, with nothing done: `codes` when the epoch is another one, `whole` when it takes a whole call
-- include: record
-- include: month
local names_key, months_key, limits_key, alerts_key, totals_after_key = KEYS[1], KEYS[2], KEYS[3], KEYS[4], KEYS[7]
local epoch, day_count, is_whole, packed = ARGV[1], tonumber(ARGV[3]), ARGV[4] == 'whole', ARGV[5]
local month = open_month(ARGV[2], KEYS[5], KEYS[6])
local day_keys, day_keys_from = KEYS, 8
local bucket_keys, bucket_keys_from, bucket_keys_each = KEYS, 8 + day_count, is_whole and 3 or 2
-- ---
local PERSON, PIECE = '<BI3I3BBHc0', '<BBH'
-- Of a record only what evidence changes; mints and the last token pass by in one piece, and so does the tenant.
local SEEN, UNSEEN_MINTS, NO_TENANT = '<I3c16BHc3I3', string.rep('\0', 16), '\0\0\0'
local DAY, HOUR = 86400, 3600
local call, floor, pack, unpack_struct = redis.call, math.floor, struct.pack, struct.unpack

if call('HGET', names_key, '#epoch') ~= epoch then return 'codes' end

-- Opened when somebody new to this month may be in the one after it: there they are returning now.
local month_after, has_month_after
local function is_followed()
  if has_month_after == nil then has_month_after = call('HEXISTS', totals_after_key, 'all') == 1 end
  return has_month_after
end

local function mark_after(key, identity)
  local bytes = call('HGET', key, identity)
  if not bytes then return end
  local record = decode_record(bytes)
  local mask_before = record.mask
  set_mark(record, RETURNING)
  month_after = month_after or open_month('', totals_after_key, '')
  move_mask(month_after, record, mask_before)
  write_person(month_after, key, identity, encode_record(record))
end

-- Counts a known person as new at an earlier hour; the days are those of a whole call, by their numbers.
local function move_arrival(class, from, to)
  local from_key, to_key = day_keys[day_keys_from + floor(from / DAY)], day_keys[day_keys_from + floor(to / DAY)]
  month.days[from_key] = month.days[from_key] or {}
  add(month.days[from_key], field_of(month, NEW, class, floor(from / HOUR) % 24), -1)
  month.days[to_key] = month.days[to_key] or {}
  add(month.days[to_key], field_of(month, NEW, class, floor(to / HOUR) % 24), 1)
end

-- Made only for newcomers.
local function fire()
  -- include: limits
  -- include: alerts
  if #limits_of(month, limits_key).thresholds > 0 then fire_thresholds(month, limits_key, alerts_key) end
end

local position, key_at = 1, bucket_keys_from
while position <= #packed do
  local told_class, told_first, told_last, day, pieces, identity
  told_class, told_first, told_last, day, pieces, identity, position = unpack_struct(PERSON, packed, position)
  local key = bucket_keys[key_at]
  local bytes = call('HGET', key, identity)
  local last, mints, class, mask, tenant, first, signals = told_last, UNSEEN_MINTS, told_class, 0, NO_TENANT, told_first, ''
  if bytes then
    last, mints, class, mask, tenant, first = unpack_struct(SEEN, bytes)
    signals = string.sub(bytes, SIGNALS_FROM)
  end
  local mask_before, first_before = mask, first
  for _ = 1, pieces do
    local signal, source, minute
    signal, source, minute, position = unpack_struct(PIECE, packed, position)
    mask, signals = with_signal(mask, signals, signal, minute, source)
  end
  if told_last > last then last = told_last end
  if told_first < first then first = told_first end
  if last - last % DAY ~= first - first % DAY then mask = with_mark(mask, AGAIN) end
  if bytes then
    if first < first_before and floor(first_before / HOUR) ~= floor(first / HOUR) then
      if not is_whole then return 'whole' end
      move_arrival(class, first_before, first)
    end
    if mask ~= mask_before then
      add(month.deltas, field_of(month, MASK, class, mask_before), -1)
      add(month.deltas, field_of(month, MASK, class, mask), 1)
    end
  else
    if is_followed() then
      if not is_whole then return 'whole' end
      mark_after(bucket_keys[key_at + 2], identity)
    end
    if call('HEXISTS', bucket_keys[key_at + 1], identity) == 1 then mask = with_mark(mask, RETURNING) end
    count_newcomer(month, key, day_keys[day_keys_from + day], class, 0, mask, first)
  end
  local changed = pack(SEEN, last, mints, class, mask, tenant, first) .. signals
  if changed ~= bytes then write_person(month, key, identity, changed) end
  key_at = key_at + bucket_keys_each
end

if #month.filled > 0 then fire() end
write_month(month, months_key)
if month_after then write_month(month_after, months_key) end
return 'recorded'
