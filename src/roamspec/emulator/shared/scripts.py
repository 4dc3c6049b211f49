"""What the store does in one step, in its own language: all of a script happens, or nothing of it."""

from hashlib import sha1
from typing import Final


class Script:
    """`text` is Lua; `sha` is what the store calls it by."""

    __slots__ = ("sha", "text")

    def __init__(self, text: str) -> None:
        self.text = text
        self.sha = sha1(text.encode(), usedforsecurity=False).hexdigest()


# The end of a turn, for one that waits for it.
_SET_FREE: Final = """
local function set_free(turn, free)
  redis.call('DEL', turn)
  if redis.call('LLEN', free) == 0 then redis.call('RPUSH', free, '1') end
  redis.call('PEXPIRE', free, 1000)
end
"""

# Whether the caller has seen the latest version. Whoever is too far behind reads the app anew.
_SEEN: Final = """
local function seen(head, log, life, expected)
  local now = redis.call('HMGET', head, 'life', 'version', 'seq')
  if now[1] ~= life then return {'gone'}, 0 end
  local behind = tonumber(now[2]) - tonumber(expected)
  if behind == 0 then return nil, tonumber(now[3]) end
  if behind < 0 or behind > redis.call('LLEN', log) then return {'reload'}, 0 end
  return {'behind', redis.call('LRANGE', log, -behind, -1)}, 0
end
"""

COMMIT: Final = Script(
    _SEEN
    + _SET_FREE
    + """
-- KEYS: head, rows, refs, log, turn, staged rows, free
-- ARGV: life, expected version, worker, entry or '', kinds to clear, entries to keep, channel, milliseconds
local answer, seq = seen(KEYS[1], KEYS[4], ARGV[1], ARGV[2])
local rows = {}
if ARGV[4] ~= '' then rows = cjson.decode(ARGV[4])['rows'] end

local function message_of(field, value)
  if string.find(field, '^entry%[') or string.find(field, '^sent%[') then
    return string.match(field, '"([^"]*)"%]$')
  end
  if value and string.find(field, '^waiting%[') then return string.match(value, '"(.*)"$') end
end

if answer then
  -- With what its own changes replaced, the caller can take them back.
  if answer[1] == 'behind' then
    local values = {}
    for _, row in ipairs(rows) do
      local value = redis.call('HGET', KEYS[2], row[1])
      local message = value and message_of(row[1], value)
      if message then
        local field = 'message["' .. message .. '"]'
        table.insert(values, field)
        table.insert(values, redis.call('HGET', KEYS[2], field) or '')
      end
      table.insert(values, row[1])
      table.insert(values, value or '')
    end
    answer[3] = values
  end
  return answer
end

local holder = redis.call('GET', KEYS[5])
if ARGV[4] == '' then
  if holder == ARGV[3] then set_free(KEYS[5], KEYS[7]) end
  return {'done'}
end
if holder and holder ~= ARGV[3] then return {'wait'} end

local function forget(message)
  if message and redis.call('HINCRBY', KEYS[3], message, -1) <= 0 then
    redis.call('HDEL', KEYS[3], message)
    redis.call('HDEL', KEYS[2], 'message["' .. message .. '"]')
  end
end

local function write(field, value)
  local old = redis.call('HGET', KEYS[2], field)
  if not value then
    if old then
      redis.call('HDEL', KEYS[2], field)
      forget(message_of(field, old))
    end
  elseif old then
    redis.call('HSET', KEYS[2], field, string.match(old, '^%d+ ') .. value)
  else
    seq = seq + 1
    redis.call('HSET', KEYS[2], field, seq .. ' ' .. value)
    local message = message_of(field, value)
    if message then redis.call('HINCRBY', KEYS[3], message, 1) end
  end
end

if ARGV[5] ~= '' then
  local cleared = {}
  for kind in string.gmatch(ARGV[5], '%a+') do cleared[kind] = true end
  for _, field in ipairs(redis.call('HKEYS', KEYS[2])) do
    if cleared[string.match(field, '^%a+')] then write(field, false) end
  end
end
for at = 0, redis.call('LLEN', KEYS[6]) - 1, 1000 do
  for _, row in ipairs(redis.call('LRANGE', KEYS[6], at, at + 999)) do
    local pair = cjson.decode(row)
    write(pair[1], pair[2])
  end
end
redis.call('DEL', KEYS[6])
for _, row in ipairs(rows) do write(row[1], row[2]) end

redis.call('HSET', KEYS[1], 'seq', string.format('%d', seq))
redis.call('HINCRBY', KEYS[1], 'version', 1)
redis.call('PERSIST', KEYS[1])
redis.call('RPUSH', KEYS[4], ARGV[4])
redis.call('LTRIM', KEYS[4], -tonumber(ARGV[6]), -1)
if holder then set_free(KEYS[5], KEYS[7]) end
redis.call('PUBLISH', ARGV[7], ARGV[3])
return {'done'}
"""
)
"""`done`; `behind`, with the entries that the caller has not seen and what stands in place of its own rows;
`wait`, because another worker writes alone; `reload`; `gone`."""

TAKE_TURN: Final = Script(
    _SEEN
    + """
-- KEYS: head, log, turn
-- ARGV: life, expected version, worker, milliseconds
local holder = redis.call('GET', KEYS[3])
if holder and holder ~= ARGV[3] then return {'wait'} end
local answer = seen(KEYS[1], KEYS[2], ARGV[1], ARGV[2])
if not answer or answer[1] ~= 'gone' then redis.call('SET', KEYS[3], ARGV[3], 'PX', ARGV[4]) end
if answer and answer[1] == 'behind' then answer[3] = {} end
return answer or {'done'}
"""
)
"""The same answers; the turn is taken unless it is `wait` or `gone`."""

CREATE: Final = Script(
    """
-- KEYS: head; ARGV: life, seconds within which its rows come
local life = redis.call('HGET', KEYS[1], 'life')
if life and life ~= ARGV[1] then return 0 end
redis.call('HSET', KEYS[1], 'life', ARGV[1], 'version', 0, 'seq', 0)
redis.call('EXPIRE', KEYS[1], ARGV[2])
return 1
"""
)
"""1, or 0 where the app exists."""

READ: Final = Script(
    """
-- KEYS: head, rows
return {redis.call('HMGET', KEYS[1], 'life', 'version'), redis.call('HGETALL', KEYS[2])}
"""
)
