-- Keeps a document of a month under its name, when what stands there is what the writer has seen.
-- Guarantee: atomic. Of two writers who have seen the same, one is told `other`.
-- KEYS[1] documents of the month
-- ARGV[1] name  ARGV[2] text  ARGV[3] `any`, `none` or `same`: what may stand there now  ARGV[4] the text for `same`
-- Returns: `kept` | `other`, when something else stands there
local papers_key = KEYS[1]
local name, text, rule, expected = ARGV[1], ARGV[2], ARGV[3], ARGV[4]
-- ---
if rule ~= 'any' then
  local present = redis.call('HGET', papers_key, name)
  if present and rule == 'none' then return 'other' end
  if rule == 'same' and present ~= expected then return 'other' end
end
redis.call('HSET', papers_key, name, text)
return 'kept'
