-- wrk: calls through the neutral API: handed in, offered at once, accepted, ended. Every thread goes on with what its
-- answers name; EACH cycle is three requests, and the last of them are counted.
local base = "/switchboard/v1/workspaces/bench/"
local headers = {["Authorization"] = "Bearer " .. os.getenv("TOKEN"), ["Content-Type"] = "application/json"}
local call = '{"queue":' .. os.getenv("QUEUE") .. ',"channel":"call","from":"+4930555","subject":"s"}'
local nexts, first, last = {}, 1, 0

local function push(path)
  last = last + 1
  nexts[last] = path
end

function request()
  local path = nexts[first]
  if path then
    nexts[first] = nil
    first = first + 1
    return wrk.format("POST", base .. path, headers)
  end
  return wrk.format("POST", base .. "work-items", headers, call)
end

function response(status, _, body)
  if status == 201 then
    local offer = body:match('"offers":%[{"id":"([0-9-]+)"')
    if offer then push("offers/" .. offer .. "/accept") end
  elseif status == 200 and body:find('"state":"active"', 1, true) then
    push("work-items/" .. body:match('"id":(%d+)') .. "/end")
  end
end
