-- wrk: POST c3_new_errands with a message of its own for every request; TOKEN and RUN come from the environment.
local token = os.getenv("TOKEN")
local run = os.getenv("RUN") or "0"
local threads = 0
local body = string.rep("Where is my parcel? It should have come on Monday. ", 12)

function setup(thread)
  thread:set("thread", threads)
  threads = threads + 1
end

function init(args)
  n = 0
  headers = {["Authorization"] = "Bearer " .. token, ["Content-Type"] = "application/vnd.api+json"}
end

function request()
  n = n + 1
  local id = run .. "-" .. thread .. "-" .. n
  return wrk.format("POST", "/s/bench/capi/json/c3_new_errands", headers,
    '{"data":{"type":"c3_new_errands","attributes":{"msg":{"message_id":"' .. id ..
    '@bench.example.com","name":"Sender ' .. (n % 5000) .. '","from":"sender' .. (n % 5000) ..
    '@customers.example.com","subject":"Where is my parcel ' .. n .. '","body":"' .. body .. '"}}}}')
end
