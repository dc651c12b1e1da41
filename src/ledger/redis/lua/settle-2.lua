-- Writes down how an attempt to deliver an alert ended, or that none is made (state `skipped`).
-- Guarantee: atomic. What another gateway has brought to an end stays so, when this one was slower than its lease.
-- KEYS[1] deliveries  KEYS[2] outbox of the target
-- ARGV[1] alert id  ARGV[2] target  ARGV[3] state  ARGV[4] when, ms since 1970
-- ARGV[5] when to try again, ms since 1970, empty for never  ARGV[6] why it failed, empty when it did not
-- Returns: `settled` | `ended`, when it had come to an end before
local deliveries_key, outbox_key = KEYS[1], KEYS[2]
local id, target, state, at, due_at, failure = ARGV[1], ARGV[2], ARGV[3], ARGV[4], ARGV[5], ARGV[6]
-- ---
local field = id .. ' ' .. target
local stored = redis.call('HGET', deliveries_key, field)
local before = stored and cjson.decode(stored) or { state = 'pending', attempts = 0 }
if before.state ~= 'pending' then return 'ended' end
local tried = state ~= 'skipped'
redis.call('HSET', deliveries_key, field, cjson.encode({
  state = state, attempts = before.attempts + (tried and 1 or 0),
  lastAttemptAt = tried and tonumber(at) or before.lastAttemptAt or cjson.null,
  error = failure ~= '' and failure or cjson.null,
}))
if due_at == '' then
  redis.call('ZREM', outbox_key, id)
else
  redis.call('ZADD', outbox_key, due_at, id)
end
return 'settled'
