-- Everything but the plain case: newcomers, first mints of people known by evidence, a second day, two months. Takes
-- what it needs as arguments and is opened at most once a call; `rows` is shared with the caller.
local function open_special_path(keys, day_and_mark, other_header, before, all_before, rows)
  -- include: record
  -- include: month
  -- include: limits
  local GATEWAY, NEIGHBOUR = 0, 1
  -- A record with the one signal `minted`; the row of a mint that was the first.
  local NEWCOMER, NEW_OUTCOME = RECORD .. 'HB', '\1'
  local CLOCK_MARGIN, SHORTEST_LIFE = 5, 60
  local limits_key, months_key, alerts_key, day_key, other_day_key = keys[2], keys[5], keys[6], keys[9], keys[13]
  local month = open_month(string.sub(day_and_mark, 1, 7), keys[7], keys[8])
  month.used.all, month.is_listed = all_before, all_before > 0
  local newcomers_wait = string.byte(day_and_mark, 11) == 33
  local other

  -- What only mints of two months need.
  local function open_neighbour()
    -- include: insert
    -- When a mint is for the other month: at its nearer edge, in seconds since it began.
    local function at_in_other(at)
      return math.max(0, math.min(month.starts + at, other.ends - 1) - other.starts)
    end

    -- Adds the person to the other month, or the minted signal to what evidence already put there.
    local function admit_to_other(key, identity, flags, class, tenant, at, bytes, is_returning)
      local record
      if bytes then
        record = decode_record(bytes)
        local mask_before = record.mask
        if bit.band(mask_before, MINTED) == 0 then set_signal(record, 0, math.floor(at / 60), NEIGHBOUR) end
        if is_returning then set_mark(record, RETURNING) end
        if record.mask == mask_before then return end
        move_mask(other, record, mask_before)
      else
        record = insert_person(other, {
          key = key, day_key = other_day_key, class = class, tenant = tenant, returning = is_returning,
          at = at, signal = 0, source = NEIGHBOUR, hidden = flags % 2 == 1,
        })
      end
      write_person(other, key, identity, encode_record(record))
    end

    return { at = at_in_other, admit = admit_to_other }
  end

  if other_header ~= '' then
    other = open_month(string.sub(other_header, 1, 7), keys[11], keys[12])
    local number = string.gmatch(string.sub(other_header, 9), '%d+')
    other.starts, other.ends = tonumber(number()), tonumber(number())
    month.starts, month.ends = tonumber(number()), tonumber(number())
  end
  local neighbour = other and open_neighbour()

  -- The row of a mint whose class, outcome or life differs from what was asked for.
  local function rewrite_row(row, class, outcome, life)
    return string.sub(row, 1, 3) .. string.char(class) .. string.sub(row, 5, 6)
      .. struct.pack('<BI3', outcome == 'new' and 1 or 0, life) .. string.sub(row, 11)
  end

  -- A newcomer, nearly every one: no second month. Packs the record at once, without the table others need.
  local function add_newcomer(key, identity, flags, class, tenant, at, policy, life, row, before_month)
    local mask = MINTED
    if flags % 2 == 1 then mask = mask + HIDDEN end
    if before_month then mask = mask + RETURNING end
    rows[#rows + 1] = string.sub(row, 1, 6) .. NEW_OUTCOME .. string.sub(row, 8)
    write_person(month, key, identity, struct.pack(
      NEWCOMER, at, 1, before + #rows, at, life, policy, class, mask, tenant, at, math.floor(at / 60), GATEWAY
    ))
    count_newcomer(month, key, day_key, class, tenant, mask, at)
  end

  -- A known person: the record with what this mint adds to its mask, counted.
  local function count_known(bytes, flags, at, is_returning)
    local record = decode_record(bytes)
    local mask_before = record.mask
    if bit.band(record.mask, MINTED) == 0 then
      set_signal(record, 0, math.floor(at / 60), GATEWAY)
      if flags % 2 == 1 then set_mark(record, HIDDEN) end
    end
    if math.floor(record.first / 86400) ~= math.floor(at / 86400) then set_mark(record, AGAIN) end
    if is_returning then set_mark(record, RETURNING) end
    move_mask(month, record, mask_before)
    return record
  end

  local function log_known(key, identity, record, at, policy, life, row)
    rows[#rows + 1] = rewrite_row(row, record.class, 'known', life)
    record.mints, record.last = record.mints + 1, math.max(record.last, at)
    record.issued, record.life, record.policy, record.ordinal = at, life, policy, before + #rows
    write_person(month, key, identity, encode_record(record))
  end

  -- Decides one mint; `key_at` is the place of its bucket among the keys, `bytes` the record there, if any.
  local function decide(key_at, identity, flags, class, tenant, at, policy, asked_life, row, bytes)
    local key = keys[key_at]
    local refusal, shadowed, shadowed_in_other, before_month, before_other
    if not bytes then
      if newcomers_wait then return 'held' end
      before_month = redis.call('HGET', keys[key_at + 1], identity)
      refusal, shadowed = newcomer_refusal(month, limits_key, day_key, flags, class, tenant, at, before_month)
      if refusal then return refusal end
    end

    local life, enters_other = asked_life, other
    local other_bytes = other and redis.call('HGET', keys[key_at + 2], identity)
    if other and not other_bytes then
      before_other = redis.call('HGET', keys[key_at + 3], identity)
      if newcomers_wait then
        refusal = 'held'
      else
        refusal, shadowed_in_other = newcomer_refusal(
          other, limits_key, other_day_key, flags, class, tenant, neighbour.at(at), before_other
        )
      end
      if refusal then
        if other.starts < month.starts then return refusal end
        life, enters_other = month.ends - CLOCK_MARGIN - (month.starts + at), nil
        if life < SHORTEST_LIFE then return refusal end
      end
    end

    -- Who enters two months is returning in the later one. A mint of one month alone cannot come after the person entered
    -- the next one, unless clocks are minutes apart: tokens touch the next month from its last minutes on.
    local comes_from_other, goes_to_other = false, false
    if enters_other then
      comes_from_other, goes_to_other = other.starts < month.starts, other.starts > month.starts
    end
    local outcome = bytes and 'known' or 'new'
    if bytes then
      log_known(key, identity, count_known(bytes, flags, at, comes_from_other), at, policy, life, row)
    else
      if life ~= asked_life then row = rewrite_row(row, class, outcome, life) end
      add_newcomer(key, identity, flags, class, tenant, at, policy, life, row, before_month or comes_from_other)
    end
    if shadowed then add(month.deltas, SHADOWED, 1) end
    if enters_other then
      neighbour.admit(keys[key_at + 2], identity, flags, class, tenant, neighbour.at(at), other_bytes, before_other or goes_to_other)
      if shadowed_in_other then add(other.deltas, SHADOWED, 1) end
    end
    return life == asked_life and outcome or outcome .. ' ' .. life
  end

  -- Thresholds that this call reached; most services have a budget, and few calls reach one.
  local function fire()
    -- include: alerts
    fire_thresholds(month, limits_key, alerts_key)
    if other then fire_thresholds(other, limits_key, alerts_key) end
  end

  local function write()
    if may_fire(month) or (other and may_fire(other)) then fire() end
    write_month(month, months_key)
    if other then write_month(other, months_key) end
  end

  return { decide = decide, write = write }
end
