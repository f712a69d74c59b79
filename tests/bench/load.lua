-- SPDX-License-Identifier: Apache-2.0
-- wrk: ask the addresses of the file BENCH_PATHS in turn, with the session cookie BENCH_COOKIE. With BENCH_BODY it POSTs that
-- JSON, each time with an Idempotency-Key of its own.
local paths, asked, at, keys = {}, {}, 0, 0
for line in io.lines(os.getenv("BENCH_PATHS")) do paths[#paths + 1] = line end
local body = os.getenv("BENCH_BODY")
local headers = { ["Cookie"] = "__Host-s=" .. (os.getenv("BENCH_COOKIE") or ""), ["Accept"] = "application/json" }
if body then
  headers["Content-Type"] = "application/json"
  headers["Origin"] = os.getenv("BENCH_URL")
  headers["X-CSRF-Token"] = os.getenv("BENCH_CSRF")
end
local run = string.format("%x-%x-", os.time(), tonumber(tostring({}):match("0x(%x+)"), 16))
function request()
  at = at % #paths + 1
  if not body then
    asked[at] = asked[at] or wrk.format("GET", paths[at], headers)    -- made once: the load shares its cores with what it measures
    return asked[at]
  end
  keys = keys + 1
  headers["Idempotency-Key"] = run .. keys
  return wrk.format("POST", paths[at], headers, body)
end
