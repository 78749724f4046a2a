-- The operations on one lab's sessions, each of them atomic because Redis runs one script at a time.
--
-- A row is a string key with the session as JSON; it expires by Redis's own clock, too. KEYS[1] is the index: a
-- sorted set of the rows' names in the order in which they were written. It is the only list of what a lab holds, so
-- that nothing here ever walks through the keys of other labs. A row that is not on it is gone: Redis may have evicted
-- the index, and a login that nobody could list could not be ended either.
--
-- JSON is never decoded here, for cjson would turn an empty cart into {}. The times stand last in it, and a text that
-- does not end in them is no live row.

local index, operation, prefix, now = KEYS[1], ARGV[1], ARGV[2], tonumber(ARGV[3])
local times = '"idle":(%d+),"idle_until":(%d+),"expires_at":(%d+)}$'

local function text(number)
  return string.format('%.0f', number)
end

-- When a row ends, whatever Redis's own clock says; nil where there is none.
local function end_of(value)
  local _, idle_until, expires_at = string.match(value or '', times)
  return idle_until and math.min(tonumber(idle_until), tonumber(expires_at)), tonumber(expires_at or '')
end

local function is_live(value)
  local over_at = end_of(value)
  return over_at ~= nil and now < over_at
end

local function write(name, value, turn)
  local over_at, expires_at = end_of(value)
  redis.call('SET', prefix .. name, value, 'EX', text(math.max(over_at - now, 1)))
  -- A turn after all others; the place of a name that is there already stays.
  if not turn then
    local last = redis.call('ZREVRANGE', index, 0, 0, 'WITHSCORES')
    turn = last[2] and tonumber(last[2]) + 1 or 1
  end
  redis.call('ZADD', index, 'NX', text(turn), name)
  -- However much the row is used: the index outlives it.
  local lasts = math.max(expires_at - now, 1)
  if redis.call('TTL', index) < lasts then
    redis.call('EXPIRE', index, text(lasts))
  end
end

local function remove(name)
  redis.call('DEL', prefix .. name)
  -- A row that Redis has dropped by itself is still listed.
  return redis.call('ZREM', index, name)
end

-- What lies there, listed or not.
local function lies(name)
  return redis.call('GET', prefix .. name)
end

local function get(name)
  return redis.call('ZSCORE', index, name) and lies(name)
end

local function listed()
  return redis.call('ZRANGE', index, 0, -1)
end

local function sweep()
  local swept = 0
  for _, name in ipairs(listed()) do
    if not is_live(lies(name)) then
      swept = swept + remove(name)
    end
  end
  return swept
end

local operations = {}

-- name, session, room -> 'done', 'exists' or 'full'
function operations.create(name, value, room)
  if is_live(get(name)) then
    return 'exists'
  end
  -- Only what is there: once a script has deleted something, Redis lets it write without asking for memory.
  if redis.call('ZSCORE', index, name) then
    remove(name)
  end
  room = tonumber(room)
  if redis.call('ZCARD', index) >= room and redis.call('ZCARD', index) - sweep() >= room then
    return 'full'
  end
  write(name, value)
  return 'done'
end

-- name, 1 to push the idle limit on as domain::session::Session::touch does -> session or nil
function operations.load(name, touch)
  local value = get(name)
  if not is_live(value) then
    return false
  end
  local at, _, idle, idle_until, expires_at = string.find(value, times)
  local pushed = math.min(now + tonumber(idle), tonumber(expires_at))
  local gone = pushed - tonumber(idle_until)
  if touch == '1' and gone > 0 and gone * 10 >= tonumber(idle) then
    value = string.sub(value, 1, at - 1)
      .. '"idle":' .. idle .. ',"idle_until":' .. text(pushed) .. ',"expires_at":' .. expires_at .. '}'
    write(name, value)
  end
  return value
end

-- name -> how many rows went
function operations.delete(name)
  local there = get(name)
  remove(name)
  return there and 1 or 0
end

-- the names of rows, or nothing for all of them; a mark of these rows as they were read (empty to only look); of each
-- that is to be another: its name, the name that it shall have (empty if it goes), the session as it shall be -> an empty
-- mark; or, if the rows are others, the mark, names and sessions of these
function operations.change(only, seen, ...)
  local names, values, changed = {}, {}, { ... }
  local asked = listed()
  if only ~= '' then
    asked = {}
    for name in string.gmatch(only, '%S+') do
      asked[#asked + 1] = name
    end
  end
  for _, name in ipairs(asked) do
    local value = get(name)
    if value then
      names[#names + 1] = name
      values[#values + 1] = value
    end
  end
  local mark = redis.sha1hex(table.concat(names, ' ') .. table.concat(values, ' '))
  if mark ~= seen then
    return { mark, names, values }
  end
  for n = 1, #changed, 3 do
    local name, to = changed[n], changed[n + 1]
    local turn = redis.call('ZSCORE', index, name)
    remove(name)
    if to ~= '' then
      remove(to)
      write(to, changed[n + 2], turn)
    end
  end
  return { '', {}, {} }
end

-- -> name, session, seconds until Redis drops it; name, …
function operations.rows()
  local rows = {}
  for _, name in ipairs(listed()) do
    local value = lies(name)
    if is_live(value) then
      rows[#rows + 1] = name
      rows[#rows + 1] = value
      rows[#rows + 1] = text(redis.call('TTL', prefix .. name))
    end
  end
  return rows
end

operations.sweep = sweep

function operations.clear()
  for _, name in ipairs(listed()) do
    redis.call('DEL', prefix .. name)
  end
  return redis.call('DEL', index)
end

return operations[operation](unpack(ARGV, 4))
