-- What reaches beyond the present when somebody is told of late: whoever is new to a month may be in the one after it, and
-- returning there, and whoever was first seen earlier than was known counts on another day.
-- `day_keys` from `days_from` on are those of every day of the month.
local function open_late(month, day_keys, days_from, totals_after_key)
  local month_after, is_followed

  local function mark_after(key, identity)
    if is_followed == nil then is_followed = redis.call('HEXISTS', totals_after_key, 'all') == 1 end
    local bytes = is_followed and redis.call('HGET', key, identity)
    if not bytes then return end
    local record = decode_record(bytes)
    local mask_before = record.mask
    set_mark(record, RETURNING)
    if record.mask == mask_before then return end
    month_after = month_after or open_month('', totals_after_key, '')
    move_mask(month_after, record, mask_before)
    write_person(month_after, key, identity, encode_record(record))
  end

  local function count_arrival(class, at, amount)
    local key = day_keys[days_from + math.floor(at / 86400)]
    month.days[key] = month.days[key] or {}
    add(month.days[key], field_of(month, NEW, class, math.floor(at / 3600) % 24), amount)
  end

  local function move_arrival(class, from, to)
    if math.floor(from / 3600) == math.floor(to / 3600) then return end
    count_arrival(class, from, -1)
    count_arrival(class, to, 1)
  end

  local function write(months_key)
    if month_after then write_month(month_after, months_key) end
  end

  return { mark_after = mark_after, move_arrival = move_arrival, write = write }
end
