-- wrk: POST agent-state/change; every request changes the state of another agent, so none is a change of nothing.
local key = os.getenv("TOKEN")
local agents = tonumber(os.getenv("AGENTS"))
-- Only in the first round of a later run some are as they should be already.
local n = 0
local headers = {["Content-Type"] = "application/json"}

function request()
  local agent = n % agents + 1
  local state = math.floor(n / agents) % 2 == 0 and "READY" or "NOT_READY"
  n = n + 1
  return wrk.format("POST", "/acd/agent-state/change", headers,
    '{"access_key":"' .. key .. '","email":"a' .. agent .. '@bench.example.com","state":"' .. state .. '"}')
end
