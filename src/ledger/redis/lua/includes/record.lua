-- The packed record of an identity in a month, little-endian, 28 bytes and 3 more per set signal:
--   last u24 (seconds since the month began), mints u24, last mint: ordinal u32, issued u24 (seconds since the month
--   began), life u24 (seconds), policy mark u24; from byte 20 what a repeat mint leaves alone: class u8, mask u16,
--   tenant u24, first u24 (seconds since the month began), then for each set signal in bit order its minute of the
--   month u16 and source u8.
local RECORD = '<I3I3I4I3I3I3BHI3I3'
local SIGNALS_FROM = 29
local MINTED, AGAIN, HIDDEN, RETURNING = 1, 512, 1024, 2048
local MINTS_MAX, BYTES_MAX = 16777215, 64

local function decode_record(bytes)
  local last, mints, ordinal, issued, life, policy, class, mask, tenant, first = struct.unpack(RECORD, bytes)
  return {
    class = class, mask = mask, tenant = tenant, first = first, last = last, mints = mints,
    issued = issued, life = life, ordinal = ordinal, policy = policy, signals = string.sub(bytes, SIGNALS_FROM),
  }
end

local function encode_record(r)
  local bytes = struct.pack(
    RECORD, r.last, math.min(r.mints, MINTS_MAX), r.ordinal, r.issued, r.life, r.policy,
    r.class, r.mask, r.tenant, r.first
  ) .. r.signals
  assert(#bytes <= BYTES_MAX, 'record too long')
  return bytes
end

-- How many bits of a number are set; few numbers come, so each is counted once a call.
local SET_BITS = { [0] = 0 }
local function count_bits(number)
  local count = SET_BITS[number]
  if not count then
    count = number % 2 + count_bits((number - number % 2) / 2)
    SET_BITS[number] = count
  end
  return count
end

-- A mask and its signals with one more, or with one moved to an earlier minute; the source follows the earliest, and of
-- two that tell of the same minute the first in the list of sources stands, so that the order of arrival changes
-- nothing. Without the bit library, which costs some 300 instructions each time.
local function with_signal(mask, signals, signal, minute, source)
  local value = 2 ^ signal
  local offset = 3 * count_bits(mask % value)
  local rest_from = offset + 1
  if mask % (2 * value) >= value then
    local minute_before, source_before = struct.unpack('<HB', signals, offset + 1)
    if minute > minute_before or (minute == minute_before and source >= source_before) then return mask, signals end
    rest_from = offset + 4
  else
    mask = mask + value
  end
  return mask, string.sub(signals, 1, offset) .. struct.pack('<HB', minute, source) .. string.sub(signals, rest_from)
end

local function set_signal(r, signal, minute, source)
  r.mask, r.signals = with_signal(r.mask, r.signals, signal, minute, source)
end

local function with_mark(mask, mark)
  return mask % (2 * mark) < mark and mask + mark or mask
end

local function set_mark(r, mark)
  r.mask = with_mark(r.mask, mark)
end
