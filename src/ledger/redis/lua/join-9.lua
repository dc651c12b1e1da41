-- Lets somebody into a conversation and counts them in the month, or refuses.
-- Guarantee: atomic. Decides about a newcomer as a mint does, so that no newcomer passes a blocking budget by one;
--   whoever is counted already is let in, and a refusal counts nothing but itself. Safe to repeat.
-- KEYS[1] names  KEYS[2] limits  KEYS[3] months  KEYS[4] alerts  KEYS[5] totals of the month  KEYS[6] its index of buckets
-- KEYS[7] its day  KEYS[8] the identity's bucket of the month  KEYS[9] the same of the month before it
-- ARGV[1] epoch of the codes  ARGV[2] month `YYYY-MM`  ARGV[3] identity  ARGV[4] code of the class
-- ARGV[5] when, seconds since the month began  ARGV[6] signal bit number  ARGV[7] source code
-- ARGV[8] the highest ordinal of the month that the caller has read  ARGV[9] `wait` when newcomers do, or empty
-- Returns: with nothing done `codes` when the epoch is another one, `behind` when the month has fewer mints than that, or
--   `held` for a newcomer while those wait; else `counted` | `known` |
--   `new-identities-frozen <since>` | `mau-budget-exhausted <month> <limit> <used> <reserved> <scope>`
-- include: record
-- include: month
-- include: insert
-- include: in_force
-- include: judge
local names_key, limits_key, months_key, alerts_key = KEYS[1], KEYS[2], KEYS[3], KEYS[4]
local month = open_month(ARGV[2], KEYS[5], KEYS[6])
local day_key, bucket_key, bucket_before_key = KEYS[7], KEYS[8], KEYS[9]
local epoch, identity, class = ARGV[1], ARGV[3], tonumber(ARGV[4])
local at, signal, source = tonumber(ARGV[5]), tonumber(ARGV[6]), tonumber(ARGV[7])
local mark, newcomers_wait = tonumber(ARGV[8]), ARGV[9] == 'wait'
-- ---
local NO_TENANT = 0

if redis.call('HGET', names_key, '#epoch') ~= epoch then return 'codes' end
if tonumber(redis.call('HGET', month.totals_key, 'minted') or '0') < mark then return 'behind' end

local function let_in_known(bytes)
  local record = decode_record(bytes)
  -- A clock behind takes nobody to another day: only evidence knows better when somebody was first seen.
  local at = math.max(at, record.first)
  local mask_before = record.mask
  set_signal(record, signal, math.floor(at / 60), source)
  record.last = math.max(record.last, at)
  if math.floor(record.first / 86400) ~= math.floor(record.last / 86400) then set_mark(record, AGAIN) end
  move_mask(month, record, mask_before)
  write_person(month, bucket_key, identity, encode_record(record))
  return 'known'
end

local function decide_newcomer()
  local limits = limits_in_force(limits_key, month.name, epoch, at)
  local refusal, shadowed = judge(month, limits, day_key, class, NO_TENANT, at)
  if refusal then
    local counter = 'refused:' .. string.match(refusal, '^%S+')
    add(month.deltas, counter, 1)
    month.days[day_key] = { [counter] = 1 }
    return refusal
  end
  local record = insert_person(month, {
    key = bucket_key, day_key = day_key, class = class, tenant = NO_TENANT,
    returning = redis.call('HEXISTS', bucket_before_key, identity) == 1, at = at, signal = signal, source = source,
  })
  write_person(month, bucket_key, identity, encode_record(record))
  if shadowed then month.shadowed = 1 end
  return 'counted'
end

local bytes = redis.call('HGET', bucket_key, identity)
if newcomers_wait and not bytes then return 'held' end
local answer = bytes and let_in_known(bytes) or decide_newcomer()
if month.is_due then
  -- include: limits
  -- include: alerts
  fire_thresholds(month, limits_key, alerts_key)
end
write_month(month, months_key)
return answer
