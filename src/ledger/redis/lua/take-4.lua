-- Takes alert deliveries that are due, and hides them from every other gateway for the time of a lease.
-- Guarantee: atomic; a delivery is held by one gateway at a time, and comes back when its lease ends.
-- KEYS[1] alerts  KEYS[2] outbox  KEYS[3] deliveries  KEYS[4] newest alert offered to each target
-- ARGV[1] now, ms since 1970  ARGV[2] when the lease ends, ms since 1970  ARGV[3] deliveries to take at most
-- ARGV[4...] names of targets
-- Returns: list of `taken`, then for each delivery: alert id, target, alert as text, the delivery as JSON or empty
local alerts_key, outbox_key, deliveries_key, offered_key = KEYS[1], KEYS[2], KEYS[3], KEYS[4]
local now, leased_until, max = ARGV[1], ARGV[2], tonumber(ARGV[3])
local targets = { unpack(ARGV, 4) }
-- ---
local OFFERED_PER_CALL = 256

for i = 1, #targets do
  local since = redis.call('HGET', offered_key, targets[i]) or '0'
  local alerts = redis.call('XRANGE', alerts_key, '(' .. since .. '-0', '+', 'COUNT', OFFERED_PER_CALL)
  for a = 1, #alerts do
    since = string.match(alerts[a][1], '^%d+')
    redis.call('ZADD', outbox_key, 'NX', now, since .. ' ' .. targets[i])
  end
  if #alerts > 0 then redis.call('HSET', offered_key, targets[i], since) end
end

local wanted = {}
for i = 1, #targets do wanted[targets[i]] = true end
local due = redis.call('ZRANGEBYSCORE', outbox_key, '-inf', now)
table.sort(due, function(one, two)
  return tonumber(string.match(one, '^%d+')) < tonumber(string.match(two, '^%d+'))
end)
local reply, taken = { 'taken' }, 0
for i = 1, #due do
  local id, target = string.match(due[i], '^(%d+) (.*)$')
  if taken == max then break end
  if wanted[target] then
    local entry = redis.call('XRANGE', alerts_key, id .. '-0', id .. '-0')[1]
    redis.call('ZADD', outbox_key, leased_until, due[i])
    local delivery = redis.call('HGET', deliveries_key, due[i]) or ''
    for _, part in ipairs({ id, target, entry[2][2], delivery }) do reply[#reply + 1] = part end
    taken = taken + 1
  end
end
return reply
