-- wrk: GET single questions of the library.
local headers = {["Authorization"] = "Bearer " .. os.getenv("TOKEN")}
local questions = tonumber(os.getenv("QUESTIONS"))
local n = 0

function request()
  n = (n + 7919) % questions
  return wrk.format("GET", "/s/bench/capi/json/c3_library_questions/" .. (n + 1), headers)
end
