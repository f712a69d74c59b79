# SPDX-License-Identifier: Apache-2.0
# shellcheck shell=bash
# Threat 46: 5,000 connections that are slow on purpose (head, body, read); what the others notice of it.

measure_attack() {
    local mode name path count=5000 held tool p99 errors rps n
    [ -n "$SMOKE" ] && count=500
    command -v slowhttptest >/dev/null || { result "p99 of others under slowhttptest" "-" "< 50 ms" "-" "slowhttptest is not installed"; return; }
    reader "$DEALER_MID"
    echo "/v1/people?limit=50" >"$BENCH_OUT/attack.paths"
    load "$BENCH_OUT/attack.paths" "$READER_COOKIE" 4 1 >/dev/null
    ulimit -n 20000
    for mode in H B X; do
        path=/v1/openapi.json
        case $mode in H) name="slow heads" ;; B) name="slow bodies" path=/v1/login ;; *) name="slow reads" ;; esac
        slowhttptest "-$mode" -c "$count" -r 1000 -i 5 -l $((BENCH_SECONDS + 10)) -p 3 -u "$BENCH_URL$path" >"$BENCH_OUT/attack.$mode" 2>&1 &
        tool=$!
        sleep 6
        held=$(curl -s "http://127.0.0.1:$((BENCH_PORT + 2))/metrics" | awk '/^clientele_connections[ {]/ { n += $2 } END { print n + 0 }')
        read -r rps _ p99 n errors <<<"$(load "$BENCH_OUT/attack.paths" "$READER_COOKIE" 4 "$BENCH_SECONDS")"
        kill "$tool" 2>/dev/null || :    # it may have ended by itself
        wait "$tool" 2>/dev/null || :
        result "p99 of others under slowhttptest, $name" "$p99 ms" "< 50 ms" "$(met "$p99" '<=' 50)" \
            "$count connections asked for, $held open when the measure began; list page, 4 connections, $rps/s, $errors errors"
    done
}
