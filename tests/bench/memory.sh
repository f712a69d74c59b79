# SPDX-License-Identifier: Apache-2.0
# shellcheck shell=bash
# Memory of the server: at start, and for each of 5,000 idle TLS connections.

server_rss_kib() { awk '/^VmRSS/ { print $2 }' "/proc/$(server_pid "$BENCH_DATA")/status"; }

measure_memory() {
    local start idle per count=5000
    [ -n "$SMOKE" ] && count=200
    server_stop "$BENCH_DATA"; server_start "$BENCH_DATA"; server_wait "$BENCH_DATA" || fail "the server did not come up"
    start=$(server_rss_kib)
    result "memory: server at start" "$((start / 1024)) MB" "<= 64 MB" "$(met "$((start / 1024))" '<=' 64)" "resident"
    ulimit -n 20000
    node "$BENCH_HERE/idle.mjs" --port "$BENCH_PORT" --count "$count" >"$BENCH_OUT/idle" &
    local holder=$!
    for _ in $(seq 120); do grep -q ready "$BENCH_OUT/idle" && break; sleep 0.5; done
    sleep 2
    idle=$(server_rss_kib)
    kill "$holder" 2>/dev/null || :
    wait "$holder" 2>/dev/null || :
    per=$(awk -v a="$idle" -v b="$start" -v n="$count" 'BEGIN { printf "%.1f", (a - b) / n }')
    result "memory: per idle TLS connection at $count" "$per KiB" "<= 40 KiB" "$(met "$per" '<=' 40)" "after the handshake"
}
