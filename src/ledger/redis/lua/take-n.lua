-- Takes alert deliveries that are due, and hides them from every other gateway for the time of a lease.
-- Guarantee: atomic; a delivery is held by one gateway at a time, and comes back when its lease ends. However many are
--   due, a bounded number of them is looked at.
-- KEYS[1] alerts  KEYS[2] deliveries  KEYS[3] newest alert offered to each target
-- KEYS[n...] outbox of each target
-- ARGV[1] now, ms since 1970  ARGV[2] when the lease ends, ms since 1970  ARGV[3] deliveries to take at most
-- ARGV[4...] names of the targets, in the order of their outboxes
-- Returns: list of `taken`, then for each delivery: alert id, target, alert as text, the delivery as JSON or empty, id of the
--   newest alert that there was when the target was first named (0: none)
local alerts_key, deliveries_key, offered_key = KEYS[1], KEYS[2], KEYS[3]
local outbox_keys, outbox_keys_from = KEYS, 4
local now, leased_until, max = ARGV[1], ARGV[2], tonumber(ARGV[3])
local targets, targets_from = ARGV, 4
-- ---
local OFFERED_PER_CALL, LOOKED_AT = 256, math.max(256, max)

-- A target that was offered alerts without a note of when it was named is known to a version before this one.
local function newest_before(target, since)
  local field = 'first ' .. target
  local known = redis.call('HGET', deliveries_key, field)
  if known then return known end
  local newest = not since and redis.call('XREVRANGE', alerts_key, '+', '-', 'COUNT', 1)[1]
  local id = newest and string.match(newest[1], '^%d+') or '0'
  redis.call('HSET', deliveries_key, field, id)
  return id
end

local due = {}
for i = 0, #targets - targets_from do
  local outbox_key, target = outbox_keys[outbox_keys_from + i], targets[targets_from + i]
  local since = redis.call('HGET', offered_key, target)
  local newest = newest_before(target, since)
  since = since or '0'
  local alerts = redis.call('XRANGE', alerts_key, '(' .. since .. '-0', '+', 'COUNT', OFFERED_PER_CALL)
  for a = 1, #alerts do
    since = string.match(alerts[a][1], '^%d+')
    -- Within the last millisecond, so that those offered together stay in the order of the alerts.
    redis.call('ZADD', outbox_key, 'NX', string.format('%.3f', now - 1 + a / OFFERED_PER_CALL), since)
  end
  if #alerts > 0 then redis.call('HSET', offered_key, target, since) end
  local ids = redis.call('ZRANGEBYSCORE', outbox_key, '-inf', now, 'LIMIT', 0, LOOKED_AT)
  for d = 1, #ids do due[#due + 1] = { id = ids[d], target = target, outbox_key = outbox_key, newest = newest } end
end

table.sort(due, function(one, two)
  if one.id == two.id then return one.target < two.target end
  return tonumber(one.id) < tonumber(two.id)
end)
local reply = { 'taken' }
for i = 1, math.min(max, #due) do
  local id, target = due[i].id, due[i].target
  local entry = redis.call('XRANGE', alerts_key, id .. '-0', id .. '-0')[1]
  redis.call('ZADD', due[i].outbox_key, leased_until, id)
  local delivery = redis.call('HGET', deliveries_key, id .. ' ' .. target) or ''
  for _, part in ipairs({ id, target, entry[2][2], delivery, due[i].newest }) do reply[#reply + 1] = part end
end
return reply
