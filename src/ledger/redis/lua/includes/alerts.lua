-- Alerts of budgets: one for each threshold that is reached, written in the step that reached it. `fired:<scope>` in the
-- totals holds the highest threshold of a scope that was reached, for the spike guard the hour of the month.
-- Alert text: `<month> <when, seconds since the month began> <threshold> <state> <limit> <used> <scope>`
local function write_alert(limits_key, alerts_key, month, at, threshold, state, limit, used, scope)
  local id = redis.call('HINCRBY', limits_key, '#alerts', 1)
  local text = string.format('%s %d %d %s %d %d %s', month.name, at, threshold, state, limit, used, scope)
  redis.call('XADD', alerts_key, id .. '-0', 'alert', text)
end

local function threshold_reached(limits, used, limit)
  local reached = 0
  if limit == 0 then return 0 end
  for i = 1, #limits.thresholds do
    if used * 100 >= limits.thresholds[i] * limit then reached = limits.thresholds[i] end
  end
  return reached
end

-- Fires what lies between the threshold held so far and the one reached; `firing` is the first of a scope.
local function fire_up(month, limits_key, alerts_key, scope, at, held, reached, limit, used)
  local state = held == 0 and 'firing' or 'escalated'
  local thresholds = month.limits.thresholds
  for i = 1, #thresholds do
    if thresholds[i] > held and thresholds[i] <= reached then
      write_alert(limits_key, alerts_key, month, at, thresholds[i], state, limit, used, scope)
      state = 'escalated'
    end
  end
  redis.call('HSET', month.totals_key, 'fired:' .. scope, reached)
end

local function fire_spike(month, limits_key, alerts_key)
  local hour = math.floor(month.spiked / 3600)
  local held = tonumber(redis.call('HGET', month.totals_key, 'fired:' .. SPIKE) or '-1')
  if hour <= held then return end
  redis.call('HSET', month.totals_key, 'fired:' .. SPIKE, hour)
  write_alert(limits_key, alerts_key, month, month.spiked, 100, 'firing', month.spike_limit, month.spike_used, SPIKE)
end

-- How a scope stands at an instant (seconds since the month began): the threshold reached, the one held so far (read unless
-- it is given), the limit in force (nil for none) and what is used of it.
local function standing_of(month, limits_key, scope, at, known_held)
  local limits = limits_of(month, limits_key)
  local limit = limits.mode ~= 'off' and limit_in_force(limits, scope, at) or nil
  local used = used_in(month, scope)
  local held = known_held or tonumber(redis.call('HGET', month.totals_key, 'fired:' .. scope) or '0')
  return limit and threshold_reached(limits, used, limit) or 0, held, limit, used
end

local function fire_scope(month, limits_key, alerts_key, scope, at)
  local reached, held, limit, used = standing_of(month, limits_key, scope, at)
  if reached > held then fire_up(month, limits_key, alerts_key, scope, at, held, reached, limit, used) end
end

-- Before a month is written: what its newcomers reached, and what refused them, since a raise that ended or a limit that
-- was configured anew is reached without anybody. Never lowers what is held: a raise that ends while clocks differ would
-- else fire over and over.
local function fire_thresholds(month, limits_key, alerts_key)
  if month.spiked then fire_spike(month, limits_key, alerts_key) end
  sum_arrivals(month)
  if month.deltas.all then
    for scope in pairs(month.deltas) do
      local is_scope = scope == 'all' or string.find(scope, '^class:') or string.find(scope, '^tenant:')
      if is_scope then fire_scope(month, limits_key, alerts_key, scope, month.latest) end
    end
  end
  for scope, at in pairs(month.full) do
    fire_scope(month, limits_key, alerts_key, scope, at)
  end
end
