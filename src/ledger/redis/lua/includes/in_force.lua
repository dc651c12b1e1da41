-- The limits in force at an instant of a month (seconds since it began), for whoever decides newcomers. The first call that
-- needs them reads the texts, and keeps what it read beside them as `in-force:<month>`: one short field to read from then on.
-- It holds for one version of the limits, one epoch of the codes, and from where one raise ends to where the next one does,
-- so whoever changes limits has to raise their version and needs to know nothing of it.
-- Packed: its own length u32, which is another one after it was taken for text; version u32; from and ends u32 (seconds, the
--   latter not included); flags u8 (1 nothing stands against anybody, 2 limits block, 4 there is a limit of all, 8 a spike guard,
--   16 which blocks); limit of all, factor and minimum of the guard, f64 each. Then with their length u8 in front: epoch, since
--   when newcomers are frozen, thresholds u8 each, codes of the budget's classes u8 each. Where there is more than a limit of
--   all, JSON: `scopes`, scope → limit; `reserve`, scope of a class → its code, rank and places; `ranks` of those classes.
local function limits_in_force(limits_key, name, epoch, at)
  local IN_FORCE, NEVER = '<I4I4I4I4BdddBc0Bc0Bc0Bc0', 4294967295
  local OPEN, BLOCKS, OF_ALL, GUARDED, GUARD_BLOCKS = 1, 2, 4, 8, 16
  local field, byte, char, struct_pack = 'in-force:' .. name, string.byte, string.char, struct.pack
  local stored = redis.call('HMGET', limits_key, '#version', field)
  local version, kept = tonumber(stored[1] or '0'), stored[2]

  -- The second time reads what the first one has written, when there was nothing or nothing that holds.
  for _ = 1, 2 do
    local is_read, size, of_version, from, ends, flags, all, factor, minimum, of_epoch, frozen, thresholds, classes, rest_from =
      pcall(struct.unpack, IN_FORCE, kept)
    if is_read and size == #kept and of_version == version and of_epoch == epoch and at >= from and at < ends then
      if flags % (2 * OPEN) >= OPEN then return { from = from, ends = ends, is_open = true } end
      local rest = rest_from <= size and cjson.decode(string.sub(kept, rest_from)) or { scopes = {}, reserve = {}, ranks = {} }
      if flags % (2 * OF_ALL) >= OF_ALL then rest.scopes.all = all end
      return {
        from = from, ends = ends, blocks = flags % (2 * BLOCKS) >= BLOCKS, frozen = frozen,
        scopes = rest.scopes, reserve = rest.reserve, ranks = rest.ranks,
        thresholds = { byte(thresholds, 1, -1) }, classes = { byte(classes, 1, -1) },
        spike = flags % (2 * GUARDED) >= GUARDED and { factor = factor, minimum = minimum, blocks = flags >= GUARD_BLOCKS },
      }
    end

    -- include: limits
    local texts = limits_of({ name = name }, limits_key)
    local spike, scopes, reserve, codes, ranks = texts.spike, {}, {}, {}, {}
    from, ends = 0, NEVER
    for scope, limit in pairs(texts.scopes) do scopes[scope] = limit end
    for _, raise in ipairs(texts.raises) do
      if at < raise.ends then ends = math.min(ends, raise.ends) else from = math.max(from, raise.ends) end
      -- What each tenant has by `tenant:*` is raised by the tenant's own name.
      if raise.scope ~= 'tenant:*' then scopes[raise.scope] = limit_in_force(texts, raise.scope, at) end
    end
    for class, rank in pairs(texts.priorities) do
      codes[#codes + 1], ranks[#ranks + 1] = class, rank
    end
    for class, places in pairs(scopes.all and texts.reserve or {}) do
      reserve[string.format('class:%d', class)] = { class = class, rank = texts.priorities[class] or 0, places = places }
    end
    all, scopes.all = scopes.all, nil
    local has_more = next(scopes) or next(reserve)
    flags = (texts.mode == 'block' and BLOCKS or 0) + (all and OF_ALL or 0)
    if spike then flags = flags + GUARDED + (spike.blocks and GUARD_BLOCKS or 0) end
    local is_limited = texts.mode ~= 'off' and (all or has_more or spike)
    if texts.frozen == '' and not is_limited then flags = flags + OPEN end
    kept = struct_pack(
      '<I4I4I4BdddBc0Bc0Bc0Bc0', version, from, ends, flags, all or 0, spike and spike.factor or 0, spike and spike.minimum or 0,
      #epoch, epoch, #texts.frozen, texts.frozen, #texts.thresholds, char(unpack(texts.thresholds)),
      #codes, char(unpack(codes))
    ) .. (has_more and cjson.encode({ scopes = scopes, reserve = reserve, ranks = ranks }) or '')
    kept = struct_pack('<I4', #kept + 4) .. kept
    redis.call('HSET', limits_key, field, kept)
  end
  error('limits that cannot be kept')
end
