-- SPDX-License-Identifier: Apache-2.0
-- wrk: GET the addresses of the file BENCH_PATHS in turn, with the session cookie BENCH_COOKIE.
local paths, at = {}, 0
for line in io.lines(os.getenv("BENCH_PATHS")) do paths[#paths + 1] = line end
local headers = { ["Cookie"] = "__Host-s=" .. (os.getenv("BENCH_COOKIE") or ""), ["Accept"] = "application/json" }
function request()
  at = at % #paths + 1
  return wrk.format("GET", paths[at], headers)
end
