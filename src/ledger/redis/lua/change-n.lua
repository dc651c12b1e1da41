-- Makes one change of an operator: what it writes, the audit entry and the answer kept for repeats.
-- Guarantee: atomic. All of it happens or nothing; a stale version or a used idempotency key changes nothing. After a
--   change of limits every threshold that is not reached any more is armed again and reported as recovered.
-- KEYS[1] limits  KEYS[2] audit log  KEYS[3] kept answer  KEYS[4] alerts  KEYS[5] totals of the month
-- KEYS[n...] what the writes below name by their place among these
-- ARGV[1] version of the limits that the change rests on, empty for any  ARGV[2] audit entry, JSON
-- ARGV[3] fingerprint of the request, empty to keep no answer  ARGV[4] the answer to keep, JSON with that fingerprint
-- ARGV[5] how long to keep it, ms  ARGV[6] empty, or when limits change: `<month> <seconds since it began>`
-- ARGV[7] writes, a JSON list of lists: a command that writes (HSET, HSETNX, HINCRBY, HDEL, LPUSH, LTRIM, DEL), the place of its key from 1, its
--   arguments; or MOVE, the places of the bucket a person leaves, of the one they go to and of its index, the identity,
--   the pseudonym, the number of the bucket they go to; or ERASED, the place of who was erased, the identity, what is known of
--   the erasure, then for each month its name and the place of its totals: keeps both, with the month's highest ordinal
-- Returns: list of `done` | `stale` | `repeated`, the kept answer | `conflict`, the kept answer
-- include: month
-- include: limits
-- include: alerts
local limits_key, audit_key, answer_key, alerts_key, totals_key = KEYS[1], KEYS[2], KEYS[3], KEYS[4], KEYS[5]
local keys, keys_from = KEYS, 6
local expected, audit, fingerprint, answer, keep_ms, limits_change, writes = ARGV[1], ARGV[2], ARGV[3], ARGV[4], ARGV[5], ARGV[6], cjson.decode(ARGV[7])
-- ---
if fingerprint ~= '' then
  local kept = redis.call('GET', answer_key)
  if kept and cjson.decode(kept).fingerprint ~= fingerprint then return { 'conflict', kept } end
  if kept then
    -- As it is: for whoever waits for replicas, which may lack what another connection has written.
    redis.call('SET', answer_key, kept, 'KEEPTTL')
    return { 'repeated', kept }
  end
end
local version = redis.call('HGET', limits_key, '#version') or '0'
if expected ~= '' and expected ~= version then return { 'stale' } end

local function key_at(place)
  return keys[keys_from + place - 1]
end

local function move(from, to, index, identity, pseudonym, bucket)
  local bytes = redis.call('HGET', key_at(from), identity)
  if not bytes then return end
  redis.call('HDEL', key_at(from), identity)
  redis.call('HSET', key_at(to), pseudonym, bytes)
  redis.call('SETBIT', key_at(index), bucket, 1)
end

-- Rows of the mint log up to there are the pseudonym's, whatever the clocks said that wrote them.
local function note_erased(erased, identity, text, ...)
  local months = { ... }
  for i = 1, #months, 2 do
    text = text .. ' ' .. months[i] .. ':' .. (redis.call('HGET', key_at(months[i + 1]), 'minted') or '0')
  end
  redis.call('HSET', key_at(erased), identity, text)
end

for i = 1, #writes do
  local write = writes[i]
  if write[1] == 'MOVE' then
    move(unpack(write, 2))
  elseif write[1] == 'ERASED' then
    note_erased(unpack(write, 2))
  else
    redis.call(write[1], key_at(write[2]), unpack(write, 3))
  end
end

-- Scopes that may have reached a threshold, or hold one, and which one they hold (0 for none). Tenants may be very many: they
-- are looked at only where each of them has a limit, and those are left out who are far from it.
local SCANNED_AT_ONCE = 10000
local function scopes_to_weigh(month, limits)
  local scopes = {}
  for scope in pairs(limits.scopes) do
    if scope ~= 'tenant:*' then scopes[scope] = 0 end
  end
  local lowest, of_each = limits.thresholds[1], limits.mode ~= 'off' and limits.scopes['tenant:*']
  local with_tenants = lowest and of_each
  local cursor = '0'
  repeat
    local page = redis.call(
      'HSCAN', totals_key, cursor, 'MATCH', with_tenants and '*' or 'fired:*', 'COUNT', SCANNED_AT_ONCE)
    cursor = page[1]
    for i = 1, #page[2], 2 do
      local field, value = page[2][i], tonumber(page[2][i + 1])
      if string.sub(field, 1, 6) == 'fired:' then
        local scope = string.sub(field, 7)
        if scope ~= SPIKE then scopes[scope] = value end
      elseif string.sub(field, 1, 7) == 'tenant:' and value * 100 >= lowest * of_each then
        scopes[field], month.used[field] = scopes[field] or 0, value
      end
    end
  until cursor == '0'
  return scopes
end

-- What every scope with a limit, or with a threshold held, has reached under the limits as they are now.
local function weigh_again(month, at)
  local limits = limits_of(month, limits_key)
  for scope, known_held in pairs(scopes_to_weigh(month, limits)) do
    local reached, held, limit, used = standing_of(month, limits_key, scope, at, known_held)
    if reached > held then
      fire_up(month, limits_key, alerts_key, scope, at, held, reached, limit, used)
    elseif reached < held then
      local left = held
      for t = #limits.thresholds, 1, -1 do
        if limits.thresholds[t] > reached and limits.thresholds[t] <= held then left = limits.thresholds[t] end
      end
      -- Other thresholds alone are no recovery: whoever is as full as before was told of it, and is not told again.
      if not limit or used * 100 < left * limit then
        redis.call('HSET', totals_key, 'fired:' .. scope, reached)
        write_alert(limits_key, alerts_key, month, at, left, 'recovered', limit or 0, used, scope)
      end
    end
  end
end

if limits_change ~= '' then
  redis.call('HINCRBY', limits_key, '#version', 1)
  local name, at = string.match(limits_change, '^(%S+) (%d+)$')
  weigh_again(open_month(name, totals_key, ''), tonumber(at))
end
if fingerprint ~= '' then redis.call('SET', answer_key, answer, 'PX', keep_ms) end
redis.call('XADD', audit_key, redis.call('HINCRBY', limits_key, '#audit', 1) .. '-0', 'entry', audit)
return { 'done' }
