-- Reads a text that stands for a write that was made before, and writes it again as it is.
-- Guarantee: atomic, and changes nothing, not even when the text ends. WAIT speaks of what its connection has written: after
--   this call it speaks of this text, whoever wrote it.
-- KEYS[1] a STRING, or a HASH of texts
-- ARGV[1] field of the HASH, empty for a STRING
-- Returns: the text, nil when there is none and nothing was written
local text_key = KEYS[1]
local field = ARGV[1]
-- ---
local text
if field == '' then text = redis.call('GET', text_key) else text = redis.call('HGET', text_key, field) end
if not text then return nil end
if field == '' then
  redis.call('SET', text_key, text, 'KEEPTTL')
else
  redis.call('HSET', text_key, field, text)
end
return text
