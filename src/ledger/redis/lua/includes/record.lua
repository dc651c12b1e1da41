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

-- Where a signal's three bytes stand, counted from 0: three for each set signal of a lower bit.
local function signal_offset(mask, signal)
  local offset = 0
  for bit_number = 0, signal - 1 do
    if bit.band(mask, bit.lshift(1, bit_number)) ~= 0 then offset = offset + 3 end
  end
  return offset
end

-- Sets a signal, or moves it to an earlier minute; the source follows the earliest, and of two that tell of the same
-- minute the first in the list of sources stands, so that the order of arrival changes nothing.
local function set_signal(r, signal, minute, source)
  local offset = signal_offset(r.mask, signal)
  local value = bit.lshift(1, signal)
  if bit.band(r.mask, value) == 0 then
    r.mask = r.mask + value
    r.signals = string.sub(r.signals, 1, offset) .. struct.pack('<HB', minute, source) .. string.sub(r.signals, offset + 1)
    return
  end
  local minute_before, source_before = struct.unpack('<HB', r.signals, offset + 1)
  if minute < minute_before or (minute == minute_before and source < source_before) then
    r.signals = string.sub(r.signals, 1, offset) .. struct.pack('<HB', minute, source) .. string.sub(r.signals, offset + 4)
  end
end

local function set_mark(r, mark)
  if bit.band(r.mask, mark) == 0 then r.mask = r.mask + mark end
end
