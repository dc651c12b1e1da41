-- Everything but the plain case: newcomers, first mints of people known by evidence, a second day, two months. Takes
-- what it needs as arguments and is opened at most once a call; `rows` is shared with the caller.
local function open_special_path(keys, month_and_day, other_header, before, rows)
  -- include: record
  -- include: month
  -- include: limits
  local GATEWAY, NEIGHBOUR = 0, 1
  local CLOCK_MARGIN, SHORTEST_LIFE = 5, 60
  local limits_key, months_key, day_key, other_day_key = keys[2], keys[5], keys[8], keys[12]
  local month = open_month(string.sub(month_and_day, 1, 7), keys[6], keys[7])
  local other
  if other_header ~= '' then
    other = open_month(string.sub(other_header, 1, 7), keys[10], keys[11])
    local number = string.gmatch(string.sub(other_header, 9), '%d+')
    other.starts, other.ends = tonumber(number()), tonumber(number())
    month.starts, month.ends = tonumber(number()), tonumber(number())
  end

  -- A row of the log whose class, outcome or life differs from what was asked for.
  local function rewrite_row(row, class, outcome, life)
    return string.sub(row, 1, 3) .. string.char(class) .. string.sub(row, 5, 6)
      .. struct.pack('<BI3', outcome == 'new' and 1 or 0, life) .. string.sub(row, 11)
  end

  -- Adds the person to the other month, or the minted signal to what evidence already put there.
  local function admit_to_other(mint, bytes)
    local at = math.max(0, math.min(month.starts + mint.at, other.ends - 1) - other.starts)
    local record
    if bytes then
      record = decode_record(bytes)
      if bit.band(record.mask, MINTED) ~= 0 then return end
      local mask_before = record.mask
      set_signal(record, 0, math.floor(at / 60), NEIGHBOUR)
      move_mask(other, record, mask_before)
    else
      record = insert_person(other, {
        key = mint.other_key, previous_key = mint.other_previous_key, day_key = other_day_key, identity = mint.identity,
        class = mint.class, tenant = mint.tenant, at = at, signal = 0, source = NEIGHBOUR, hidden = mint.hidden,
      })
    end
    write_person(other, mint.other_key, mint.identity, encode_record(record))
  end

  -- A newcomer's record, or a known one with what this mint adds to its mask.
  local function counted_record(mint, bytes)
    if not bytes then
      return insert_person(month, {
        key = mint.key, previous_key = mint.previous_key, day_key = day_key, identity = mint.identity,
        class = mint.class, tenant = mint.tenant, at = mint.at, signal = 0, source = GATEWAY, hidden = mint.hidden,
      })
    end
    local record = decode_record(bytes)
    local mask_before = record.mask
    if bit.band(record.mask, MINTED) == 0 then
      set_signal(record, 0, math.floor(mint.at / 60), GATEWAY)
      if mint.hidden then set_mark(record, HIDDEN) end
    end
    if math.floor(record.first / 86400) ~= math.floor(mint.at / 86400) then set_mark(record, AGAIN) end
    move_mask(month, record, mask_before)
    return record
  end

  local function decide(mint, bytes)
    local refusal = not bytes and newcomer_refusal(month, limits_key, mint)
    if refusal then return refusal end

    local life, enters_other = mint.life, other
    local other_bytes = other and redis.call('HGET', mint.other_key, mint.identity)
    if other and not other_bytes then
      refusal = newcomer_refusal(other, limits_key, mint)
      if refusal then
        if other.starts < month.starts then return refusal end
        life, enters_other = month.ends - CLOCK_MARGIN - (month.starts + mint.at), nil
        if life < SHORTEST_LIFE then return refusal end
      end
    end

    local outcome = bytes and 'known' or 'new'
    local record = counted_record(mint, bytes)
    rows[#rows + 1] = rewrite_row(mint.row, record.class, outcome, life)
    record.mints, record.last = record.mints + 1, math.max(record.last, mint.at)
    record.issued, record.life, record.policy, record.ordinal = mint.at, life, mint.policy, before + #rows
    write_person(month, mint.key, mint.identity, encode_record(record))
    if enters_other then admit_to_other(mint, other_bytes) end
    return life == mint.life and outcome or outcome .. ' ' .. life
  end

  local function write()
    write_month(month, months_key)
    if other then write_month(other, months_key) end
  end

  return { decide = decide, write = write }
end
