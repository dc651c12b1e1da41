-- Tells the clock of the server that has the keys of a service. On a Cluster TIME by itself is answered by any of them.
-- Guarantee: changes nothing.
-- KEYS[1] names, of which nothing is read: they say which server is asked
-- ARGV[] none
-- Returns: list of seconds since the epoch and microseconds
local _names_key = KEYS[1]
-- ---
return redis.call('TIME')
