-- Looks at what gives a store away that lost data of a service, and at what its gateways say of themselves.
-- Guarantee: changes nothing. All that is answered is of one server and of one instant.
-- KEYS[1] names  KEYS[2] limits  KEYS[3] months  KEYS[4] gateways
-- KEYS[n...] totals of the months that are asked for
-- ARGV[1...] names of the counters that are asked for of each of them
-- Returns: list of epoch (nil: the service is not here), the epoch that it took the place of, version of the bonds, number of
--   changes of links, version of the limits, list of all months
--   with anyone, list of gateways and their lines, and what the server says of itself: its name (empty when it does not say,
--   or takes no writes), bytes written so far, the name of the one before it and how far it has what that one wrote; then
--   for each of the months that are asked for the list of its counters
local names_key, limits_key, months_key, gateways_key = KEYS[1], KEYS[2], KEYS[3], KEYS[4]
local totals_keys, totals_from = KEYS, 5
local counters = { unpack(ARGV, 1) }
-- ---
local facts = redis.call('HMGET', names_key, '#epoch', '#epoch-before', '#bonds', '#relinked')

-- The right to ask may be missing.
local info = redis.pcall('INFO', 'replication')
local function says(field)
  return string.match(info, '\n' .. field .. ':([%x-]+)') or ''
end
local server = { '', '', '', '' }
-- A replica has the name of its master.
if type(info) == 'string' and string.find(info, 'role:master', 1, true) then
  server = {
    says('master_replid'), says('master_repl_offset'), says('master_replid2'), says('second_repl_offset')
  }
end

local reply = {
  facts[1], facts[2], facts[3], facts[4], redis.call('HGET', limits_key, '#version'),
  redis.call('SMEMBERS', months_key), redis.call('HGETALL', gateways_key), server
}
for i = totals_from, #totals_keys do
  reply[#reply + 1] = redis.call('HMGET', totals_keys[i], unpack(counters))
end
return reply
