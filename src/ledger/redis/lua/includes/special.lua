-- Everything but the plain cases: newcomers who reach what has to be told, or who need a reason; first mints of people known by
-- evidence, a second day, two months. Takes what it needs as arguments and is opened at most once a call; what only some of
-- these cases need is opened by the first of them. `begun` is what the plain path's judge has of the month; it goes on with
-- the month that is answered.
local function open_special_path(keys, packed, epoch, has_other, newcomers_wait, all_before, begun)
  -- include: month
  local CLOCK_MARGIN, SHORTEST_LIFE = 5, 60
  local limits_key, months_key, alerts_key, day_key, other_day_key = keys[2], keys[5], keys[6], keys[9], keys[13]
  local month = open_month(string.sub(packed, 15, 21), keys[7], keys[8])
  month.is_listed, month.scopes.all = all_before > 0, { name = 'all', used = all_before }
  for field, value in pairs(begun or {}) do month[field] = value end
  local other
  if has_other then
    local name, starts, ends, month_starts, month_ends = struct.unpack('<c7I4I4I4I4', packed, 22)
    other = open_month(name, keys[11], keys[12])
    other.starts, other.ends = starts, ends
    month.starts, month.ends = month_starts, month_ends
  end

  local refusal_of
  local function open_limits()
    -- include: in_force
    -- include: judge
    local KNOWN_ONLY, NEEDS_REASON, MASK_FROM, MESSAGED, JOINED = 2, 4, 21, 4, 8

    -- Why a newcomer may not enter a month, as a reply, or nil when nothing stands against it; and whether a limit that
    -- only warns did. `at`: seconds since that month began; `before`: the record of the month before it, or false.
    return function(month, day_key, flags, class, tenant, at, before)
      if flags % 4 >= KNOWN_ONLY then return 'lazy-connect-required' end
      if flags % 8 >= NEEDS_REASON then
        local mask = before and struct.unpack('<H', before, MASK_FROM) or 0
        if bit.band(mask, MESSAGED + JOINED) == 0 then return 'no-reason-to-connect' end
      end
      local limits = month.limits_now
      if not limits or at < limits.from or at >= limits.ends then
        limits = limits_in_force(limits_key, month.name, epoch, at)
        month.limits_now = limits
      end
      return judge(month, limits, day_key, class, tenant, at)
    end
  end

  -- The row of a mint whose class, outcome or life differs from what was asked for.
  local function rewrite_row(row, class, outcome, life)
    return string.sub(row, 1, 3) .. string.char(class) .. string.sub(row, 5, 6)
      .. struct.pack('<BI3', outcome == 'new' and 1 or 0, life) .. string.sub(row, 11)
  end

  local records
  local function open_records()
    -- include: record
    local GATEWAY, NEIGHBOUR = 0, 1

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

    -- Answers the row; the life is that of the token, unless it was cut.
    local function write_known(key, identity, record, at, policy, token, cut, row, ordinal)
      local life = cut or struct.unpack('<xxxI3', token)
      record.mints, record.last = record.mints + 1, math.max(record.last, at)
      record.issued, record.life, record.policy, record.ordinal = at, life, policy, ordinal
      write_person(month, key, identity, encode_record(record))
      return rewrite_row(row, record.class, 'known', life)
    end

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

    return { count_known = count_known, write_known = write_known, neighbour = other and open_neighbour() }
  end
  if other then records = open_records() end

  -- A newcomer, nearly every one: no second month. Packs the record at once, without the table others need; answers the row.
  local function add_newcomer(key, identity, flags, class, tenant, at, token, row, ordinal, before_month)
    local mask = MINTED
    if flags % 2 == 1 then mask = mask + HIDDEN end
    if before_month then mask = mask + RETURNING end
    write_person(month, key, identity, struct.pack(
      NEWCOMER, ONE_MINT + at, ordinal, token, class + 256 * mask, tenant, at, math.floor(at / 60), GATEWAY
    ))
    count_newcomer(month, key, day_key, class, tenant, mask, at)
    return string.sub(row, 1, 6) .. '\1' .. string.sub(row, 8)
  end

  -- Decides one mint; `key_at` is the place of its bucket among the keys, `bytes` the record there, if any. Answers the
  -- decision, and the row as it goes to the log, empty when it does not.
  local function decide(key_at, identity, flags, class, tenant, at, policy, token, row, bytes, ordinal)
    local key = keys[key_at]
    local refusal, shadowed, shadowed_in_other, before_month, before_other
    local neighbour = other and records.neighbour
    if not bytes or other then refusal_of = refusal_of or open_limits() end
    if not bytes then
      if newcomers_wait then return 'held', '' end
      before_month = redis.call('HGET', keys[key_at + 1], identity)
      refusal, shadowed = refusal_of(month, day_key, flags, class, tenant, at, before_month)
      if refusal then return refusal, '' end
    end

    local cut, enters_other = nil, other
    local other_bytes = other and redis.call('HGET', keys[key_at + 2], identity)
    if other and not other_bytes then
      before_other = redis.call('HGET', keys[key_at + 3], identity)
      if newcomers_wait then
        refusal = 'held'
      else
        refusal, shadowed_in_other = refusal_of(
          other, other_day_key, flags, class, tenant, neighbour.at(at), before_other
        )
      end
      if refusal then
        if other.starts < month.starts then return refusal, '' end
        cut, enters_other = month.ends - CLOCK_MARGIN - (month.starts + at), nil
        if cut < SHORTEST_LIFE then return refusal, '' end
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
      records = records or open_records()
      local record = records.count_known(bytes, flags, at, comes_from_other)
      row = records.write_known(key, identity, record, at, policy, token, cut, row, ordinal)
    else
      if cut then
        row, token = rewrite_row(row, class, outcome, cut), struct.pack('<I3I3I3', at, cut, policy)
      end
      row = add_newcomer(key, identity, flags, class, tenant, at, token, row, ordinal, before_month or comes_from_other)
    end
    if shadowed then month.shadowed = month.shadowed + 1 end
    if enters_other then
      local at_there = neighbour.at(at)
      neighbour.admit(keys[key_at + 2], identity, flags, class, tenant, at_there, other_bytes, before_other or goes_to_other)
      if shadowed_in_other then other.shadowed = other.shadowed + 1 end
    end
    return cut and outcome .. ' ' .. cut or outcome, row
  end

  -- Takes over whom the plain path has let in: how many by who is alike, their buckets, how many of them a limit that only warns
  -- would have refused, and when the last one came.
  local function write(arrivals, filled, shadows, latest)
    local of_day = month.arrivals[day_key] or {}
    month.arrivals[day_key] = of_day
    for alike, count in pairs(arrivals or {}) do add(of_day, alike, count) end
    for _, bucket in ipairs(filled or {}) do month.filled[#month.filled + 1] = bucket end
    month.shadowed, month.latest = month.shadowed + shadows, math.max(month.latest, latest)
    -- Thresholds that this call reached; most services have a budget, and few calls reach one.
    if month.is_due or (other and other.is_due) then
      -- include: limits
      -- include: alerts
      fire_thresholds(month, limits_key, alerts_key)
      if other then fire_thresholds(other, limits_key, alerts_key) end
    end
    write_month(month, months_key)
    if other then write_month(other, months_key) end
  end

  return { decide = decide, write = write, month = month }
end
