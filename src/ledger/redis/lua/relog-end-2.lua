-- Shows the rows of a mint log that were put back, with those behind them that the log has.
-- Guarantee: atomic; the log is the one before or the whole one. Safe to repeat.
-- KEYS[1] mint log  KEYS[2] log under way
-- ARGV[1] ordinal of the last row that was put back
-- Returns: `more` when rows were taken over and there are further ones: ask again | `shown` | `none` when nothing is
--   under way, such as after a call whose answer was lost
local mints_key, log_key = KEYS[1], KEYS[2]
local last = ARGV[1]
-- ---
local ENTRIES_MAX = 256

local newest = redis.call('XREVRANGE', log_key, '+', '-', 'COUNT', 1)[1]
if not newest then return 'none' end
local from = math.max(tonumber(last), tonumber(string.match(newest[1], '^%d+')))
local behind = redis.call('XRANGE', mints_key, string.format('(%d-0', from), '+', 'COUNT', ENTRIES_MAX)
for i = 1, #behind do redis.call('XADD', log_key, behind[i][1], 'rows', behind[i][2][2]) end
if #behind == ENTRIES_MAX then return 'more' end
-- Freed in the background; a RENAME would free the old one at once.
redis.call('UNLINK', mints_key)
redis.call('RENAME', log_key, mints_key)
return 'shown'
