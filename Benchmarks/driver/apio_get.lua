-- wrk: GET users' profiles.
local headers = {["Authorization"] = "Bearer " .. os.getenv("TOKEN")}
local agents = tonumber(os.getenv("AGENTS"))
local n = 0

function request()
  n = n + 1
  return wrk.format("GET", "/api/v1/tenants/bench/groups/bench/users/agent" .. (n % agents + 1) ..
    "@bench/services/call_centers/", headers)
end
