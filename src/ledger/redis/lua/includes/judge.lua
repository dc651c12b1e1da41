-- What the budget of a month says to a newcomer, by the limits in force. Nothing is read before it bears on somebody.
-- Of the month it keeps: `scopes`, name → how many that scope has with those admitted earlier in this very call (`used`), its
--   `limit` (nil for none), and the number from which on it has a threshold that was not told (`edge`); `groups`, the scopes
--   that newcomers of a class and tenant fall in; `new_in`, newcomers of the budget's classes by hour. Whoever counts a
--   newcomer adds to all three.
-- Answers the refusal as a reply, or nil, whether a limit that only warns was met, and the group. `month.is_due` afterwards:
--   something may have to be told. `at`: seconds since the month began.
local function judge(month, limits, day_key, class, tenant, at)
  if limits.is_open then return nil, false end
  if limits.frozen ~= '' then return 'new-identities-frozen ' .. limits.frozen, false end
  local SPIKE, SPIKE_QUIET_HOURS, HOUR, NEVER = 'new-per-hour', 24, 3600, 9007199254740992
  local call, format, max, ceil = redis.call, string.format, math.max, math.ceil
  local scopes, totals_key, thresholds = month.scopes, month.totals_key, limits.thresholds

  local group = month.groups[tenant * 256 + class]
  if not group then
    group = { rank = 0, is_ranked = false }
    for i = 1, #limits.classes do
      if limits.classes[i] == class then group.rank, group.is_ranked = limits.ranks[i] or 0, true end
    end
    local names, of_class, of_tenant = { 'all' }, format('class:%d', class), tenant > 0 and format('tenant:%d', tenant)
    if limits.scopes[of_class] or limits.reserve[of_class] then names[2] = of_class end
    if of_tenant and (limits.scopes[of_tenant] or limits.scopes['tenant:*']) then names[#names + 1] = of_tenant end
    local grouped = #names
    for name in pairs(limits.reserve) do names[#names + 1] = name end
    for i = 1, #names do
      local name = names[i]
      scopes[name] = scopes[name] or { name = name, used = tonumber(call('HGET', totals_key, name) or '0') }
      if i <= grouped then group[i] = scopes[name] end
    end
    month.groups[tenant * 256 + class] = group
  end

  -- A raise may end between two newcomers of a call.
  for i = 1, #group do
    local scope = group[i]
    if scope.limits ~= limits then
      scope.limits, scope.limit, scope.edge = limits, limits.scopes[scope.name], 0
      if not scope.limit and scope.name == 'tenant:' .. tenant then scope.limit = limits.scopes['tenant:*'] end
    end
  end

  local refusal, refusing, shadowed = nil, nil, false
  for i = 1, #group do
    local scope = group[i]
    local limit, used, kept = scope.limit, scope.used, 0
    -- Places of the whole that other classes have not taken yet and this one may not have.
    if limit and i == 1 then
      for name, reserve in pairs(limits.reserve) do
        if reserve.class ~= class and reserve.rank >= group.rank then
          kept = kept + max(0, reserve.places - scopes[name].used)
        end
      end
    end
    if limit and not refusal and used >= limit - kept then
      if limits.blocks then
        refusal, refusing = format('mau-budget-exhausted %s %d %d %d %s', month.name, limit, used, kept, scope.name), scope
      else
        shadowed = true
      end
    end
  end

  local spike, hours = limits.spike, (at - at % HOUR) / HOUR
  if spike and not refusal and hours >= SPIKE_QUIET_HOURS then
    local new_in = month.new_in[hours]
    if not new_in then
      local fields = {}
      for i = 1, #limits.classes do fields[i] = format('new:%d:%d', limits.classes[i], hours % 24) end
      local counts = #fields > 0 and call('HMGET', day_key, unpack(fields)) or fields
      new_in = 0
      for i = 1, #counts do new_in = new_in + tonumber(counts[i] or '0') end
      month.new_in[hours] = new_in
    end
    local mean = max(0, scopes.all.used - new_in) / hours
    local limit = max(spike.minimum, ceil(spike.factor * mean))
    if new_in >= limit then
      month.spike_held = month.spike_held or tonumber(call('HGET', totals_key, 'fired:' .. SPIKE) or '-1')
      if hours > month.spike_held then
        month.is_due, month.spiked, month.spike_limit, month.spike_used = true, max(month.spiked or 0, at), limit, new_in
      end
      if spike.blocks then return format('mau-budget-exhausted %s %d %d 0 %s', month.name, limit, new_in, SPIKE), false end
      shadowed = true
    end
  end

  -- A newcomer makes every scope fuller by one. A scope that refuses may have reached a threshold by itself: a raise has
  -- ended, or the limit was configured anew.
  for i = 1, #group do
    local scope = group[i]
    local limit, after = scope.limit, scope.used + (refusal and 0 or 1)
    local is_concerned = limit and limit > 0 and (not refusal or scope == refusing)
    if is_concerned and after >= scope.edge then
      -- What is held matters only once the lowest threshold is reached.
      local lowest = thresholds[1]
      if lowest and after * 100 >= lowest * limit and not scope.held then
        scope.held = tonumber(call('HGET', totals_key, 'fired:' .. scope.name) or '0')
      end
      scope.edge = NEVER
      for t = #thresholds, 1, -1 do
        if thresholds[t] > (scope.held or 0) then scope.edge = ceil(thresholds[t] * limit / 100) end
      end
      if after >= scope.edge then
        month.is_due = true
        if refusal then month.full[scope.name] = at end
      end
    end
  end
  return refusal, shadowed, group
end
