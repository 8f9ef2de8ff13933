-- wrk: PUT a user's profile; every request changes the state of another agent, so none is a change of nothing.
local headers = {["Content-Type"] = "application/json", ["Authorization"] = "Bearer " .. os.getenv("TOKEN")}
local agents = tonumber(os.getenv("AGENTS"))
local n = 0

function request()
  local agent = n % agents + 1
  local state = math.floor(n / agents) % 2 == 0 and "Available" or "Unavailable"
  n = n + 1
  return wrk.format("PUT", "/api/v1/tenants/bench/groups/bench/users/agent" .. agent .. "@bench/services/call_centers/",
    headers, '{"agentACDState":"' .. state .. '"}')
end
