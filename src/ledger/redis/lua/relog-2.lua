-- Puts rows of the mint log back, under a key of its own that nobody reads yet.
-- Guarantee: atomic; appends only behind the row that the caller has seen last, so that no row is there twice. Entries
--   that stand there already, of a call whose answer was lost, are passed over.
-- KEYS[1] names  KEYS[2] log under way
-- ARGV[1] epoch of the codes  ARGV[2] ordinal of the last row before these, empty to begin anew
-- ARGV[3...] pairs of the ordinal of an entry's last row and its rows, packed as the mint log has them
-- Returns: `codes` when the epoch is another one and nothing was done | `other` when the log under way is not the one
--   that the caller has seen | `put-back`
local names_key, log_key = KEYS[1], KEYS[2]
local epoch, after = ARGV[1], ARGV[2]
local entries, entries_from = ARGV, 3
-- ---
if redis.call('HGET', names_key, '#epoch') ~= epoch then return 'codes' end

if after == '' then
  redis.call('UNLINK', log_key)
  after = '0'
end
local newest = redis.call('XREVRANGE', log_key, '+', '-', 'COUNT', 1)[1]
local last = newest and tonumber(string.match(newest[1], '^%d+')) or 0
if last < tonumber(after) then return 'other' end
for i = entries_from, #entries, 2 do
  local ordinal = tonumber(entries[i])
  if ordinal > last then
    redis.call('XADD', log_key, string.format('%d-0', ordinal), 'rows', entries[i + 1])
    last = ordinal
  end
end
return 'put-back'
