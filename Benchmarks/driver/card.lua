-- wrk: POST contact cards, by turns of a customer who is known and of a new one.
local headers = {["Authorization"] = "Bearer " .. os.getenv("TOKEN"), ["Content-Type"] = "application/vnd.api+json"}
local cards, run = tonumber(os.getenv("CARDS")), os.getenv("RUN")
local n = 0

function init(args)
  math.randomseed(42 + tonumber(run))
end

function request()
  n = n + 1
  local email = n % 2 == 0 and "new" .. run .. "-" .. n or "sender" .. math.random(1, cards)
  local body = string.format('{"data":{"type":"c3_contact_cards","attributes":{"contacts":{"name":"Kim","email":["%s@customers.example.com"],"voice":["+4930%d%s"]}}}}',
    email, n, run)
  return wrk.format("POST", "/s/bench/capi/json/c3_contact_cards", headers, body)
end
