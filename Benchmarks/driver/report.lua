-- wrk: GET errand reports; with CHANGED, every second one of an errand that is on the list of changed ones.
local headers = {["Authorization"] = "Bearer " .. os.getenv("TOKEN")}
local clean = tonumber(os.getenv("CLEAN"))
local changed = os.getenv("CHANGED") == "1"
local following, last = tonumber(os.getenv("FIRST")), tonumber(os.getenv("LAST"))
local n = 0

function init(args)
  math.randomseed(42)
end

function request()
  n = n + 1
  local id = math.random(1, clean)
  if changed and n % 2 == 0 then
    if following > last then error("more reports than changed errands") end
    id, following = following, following + 1
  end
  return wrk.format("GET", "/s/bench/capi/json/c3_errand_reports/" .. id, headers)
end
