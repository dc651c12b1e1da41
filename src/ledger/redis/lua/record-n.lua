-- Adds evidence to the people of one month.
-- Guarantee: atomic and idempotent. The earliest instant of a signal wins in whatever order evidence arrives,
--   a repeat changes nothing, and nothing is ever refused.
-- KEYS[1] names  KEYS[2] months  KEYS[3] limits  KEYS[4] alerts  KEYS[5] totals of the month  KEYS[6] its index of buckets
-- KEYS[n...] then per piece of evidence: bucket of the month, bucket of the month before it, day
-- ARGV[1] epoch of the codes  ARGV[2] month `YYYY-MM`
-- ARGV[3] evidence, packed as EVIDENCE below: signal bit number, source code, code of the class, seconds since the
--   month began, identity
-- Returns: `recorded`, or `codes` when the epoch is another one and nothing was done
-- include: record
-- include: month
-- include: insert
-- include: limits
-- include: alerts
local names_key, months_key, limits_key, alerts_key = KEYS[1], KEYS[2], KEYS[3], KEYS[4]
local epoch, packed = ARGV[1], ARGV[3]
local month = open_month(ARGV[2], KEYS[5], KEYS[6])
local bucket_keys, bucket_keys_from = KEYS, 7
-- ---
local EVIDENCE = '<BBBI3Hc0'

if redis.call('HGET', names_key, '#epoch') ~= epoch then return 'codes' end

-- The people of this call: one identity may have several pieces of evidence in it.
local people, order = {}, {}

local function find_person(key, identity)
  local person = people[identity]
  if not person then
    local bytes = redis.call('HGET', key, identity)
    person = { key = key, identity = identity, record = bytes and decode_record(bytes), bytes = bytes }
    people[identity], order[#order + 1] = person, person
  end
  return person
end

local position, next_key = 1, bucket_keys_from
while position <= #packed do
  local signal, source, class, at, identity
  signal, source, class, at, identity, position = struct.unpack(EVIDENCE, packed, position)
  local person = find_person(bucket_keys[next_key], identity)
  local record = person.record
  if record then
    local mask_before = record.mask
    set_signal(record, signal, math.floor(at / 60), source)
    record.first, record.last = math.min(record.first, at), math.max(record.last, at)
    if math.floor(record.first / 86400) ~= math.floor(record.last / 86400) then set_mark(record, AGAIN) end
    move_mask(month, record, mask_before)
  else
    person.record = insert_person(month, {
      key = person.key, day_key = bucket_keys[next_key + 2], class = class, tenant = 0,
      returning = redis.call('HEXISTS', bucket_keys[next_key + 1], identity) == 1, at = at, signal = signal, source = source,
    })
  end
  next_key = next_key + 3
end
for i = 1, #order do
  local bytes = encode_record(order[i].record)
  if bytes ~= order[i].bytes then write_person(month, order[i].key, order[i].identity, bytes) end
end
fire_thresholds(month, limits_key, alerts_key)
write_month(month, months_key)
return 'recorded'
