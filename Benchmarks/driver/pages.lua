-- wrk: GET pages at random; PAGE is a path with %d for a number up to MAX, COOKIE the session.
local page = os.getenv("PAGE")
local max = tonumber(os.getenv("MAX"))

function init(args)
  math.randomseed(42)
  headers = {["Cookie"] = os.getenv("COOKIE")}
end

function request()
  local path = page:gsub("%%d", tostring(math.random(1, max)))
  return wrk.format("GET", path, headers)
end
