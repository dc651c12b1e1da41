-- Gives names such as `class:member` small codes that stay the same for the life of the service.
-- Guarantee: a name has one code, for every gateway; the epoch changes only when all codes are lost.
-- KEYS[1] names
-- ARGV[1] epoch to begin with if there is none yet: bucket count, a dash, random text
-- ARGV[2...] names `kind:name`
-- Returns: list of `interned`, epoch, then a code for each name
local names_key = KEYS[1]
local first_epoch = ARGV[1]
local names = { unpack(ARGV, 2) }
-- ---
local CODES_MAX = { class = 255, intent = 255, rule = 255, tenant = 16777215 }

local reply = { 'interned', redis.call('HGET', names_key, '#epoch') or first_epoch }
redis.call('HSETNX', names_key, '#epoch', first_epoch)
for i = 1, #names do
  local code = redis.call('HGET', names_key, names[i])
  if not code then
    local kind = string.match(names[i], '^(%l+):')
    code = redis.call('HINCRBY', names_key, '#' .. kind, 1)
    if code > CODES_MAX[kind] then
      redis.call('HINCRBY', names_key, '#' .. kind, -1)
      return redis.error_reply('NAMES too many names of kind ' .. kind)
    end
    redis.call('HSET', names_key, names[i], code, '=' .. kind .. ':' .. code, string.sub(names[i], #kind + 2))
  end
  reply[i + 2] = tonumber(code)
end
return reply
