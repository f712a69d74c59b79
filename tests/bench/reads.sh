# SPDX-License-Identifier: Apache-2.0
# shellcheck shell=bash
# Card, list page and how a page's time grows with the base: requests over TLS against pgbench over the same statements.

# manager_of DEALER: a manager's staff number and role bit 16; made when the base holds none.
manager_of() {
    sql "with s as (select staff_id from core.staff where dealer_id = $1 and role = 'manager' and is_active limit 1),
         n as (insert into core.staff (dealer_id, role, name, email) select $1, 'manager', 'Bench', 'bench$1@bench.example'
               where not exists (select from s) returning staff_id)
         select staff_id from s union all select staff_id from n"
}

# reader DEALER: sets READER_COOKIE and READER_SECRET (hex) of a manager of this dealer.
reader() {
    local staff
    staff=$(manager_of "$1")
    READER_COOKIE=$(session_make "$staff" D 3>"$BENCH_OUT/secret")
    READER_SECRET=$(cat "$BENCH_OUT/secret")
}

# bind_text ROUTE SUBJECT: the bind statement of an audited read, as the server sends it.
bind_text() {
    printf "select session.bind('\\\\x%s'::bytea, 1023, '%s', 'a', '%s', 'bench', 'ru', null, null);\n" "$READER_SECRET" "$1" "$2"
}

# pair NAME PATHS_FILE SCRIPTS_DIR: interleaved rounds of server and pgbench: short ones, as the machine's speed changes by the minute.
# out: PAIR_SERVER PAIR_PGBENCH (medians a second), PAIR_SERVER_CPU (server), PAIR_BOTH_CPU, PAIR_REFERENCE_CPU (us each)
pair() {
    local s=() p=() scpu=() both=() reference=() round out c c0 c1 d0 d1 n rps tps p99 bad seconds=$((BENCH_SECONDS * 3 / BENCH_ROUNDS))
    [ "$seconds" -gt 0 ] || seconds=1
    load "$2" "$READER_COOKIE" "$BENCH_CLIENTS" 2 >/dev/null
    transactions "$3" dealer "$BENCH_CLIENTS" 2 >/dev/null
    for ((round = 0; round < BENCH_ROUNDS; round++)); do
        c0=$(server_cpu_us); d0=$(database_cpu_us)
        out=$(load "$2" "$READER_COOKIE" "$BENCH_CLIENTS" "$seconds")
        c1=$(server_cpu_us); d1=$(database_cpu_us)
        read -r rps _ p99 n bad <<<"$out"
        [ "$bad" = 0 ] || fail "$1: $bad of $n answers were not 2xx"
        s+=("$rps")
        scpu+=($(((c1 - c0) / n))); both+=($(((c1 - c0 + d1 - d0) / n)))
        d0=$(database_cpu_us)
        out=$(transactions "$3" dealer "$BENCH_CLIENTS" "$seconds")
        d1=$(database_cpu_us)
        read -r tps _ n c <<<"$out"
        [ "${n:-0}" -gt 0 ] || { cat "$BENCH_OUT/pgbench.err" >&2; fail "$1: pgbench did nothing"; }
        p+=("$tps"); reference+=($(((c + d1 - d0) / n)))
    done
    PAIR_SERVER_CPU=$(median "${scpu[@]}"); PAIR_BOTH_CPU=$(median "${both[@]}"); PAIR_REFERENCE_CPU=$(median "${reference[@]}")
    PAIR_SERVER=$(median "${s[@]}"); PAIR_PGBENCH=$(median "${p[@]}")
}

# server_cpu_at CONNECTIONS PATHS: microseconds of the server a request, user and system, the median of three rounds.
server_cpu_at() {
    local v=() c0 n _
    for _ in 1 2 3; do
        c0=$(server_cpu_us)
        n=$(load "$2" "$READER_COOKIE" "$1" | cut -d' ' -f4)
        v+=($((($(server_cpu_us) - c0) / n)))
    done
    median "${v[@]}"
}

# 64 records of the largest dealer, the same for both sides.
some_people() {
    sql "select public_id from core.dealer_party where dealer_id = $1 and state in ('ACTIVE', 'HELD', 'CUSTOMER')
         order by hashint8(party_id) limit 64"
}

measure_card() {
    local id i=0 r cpu
    reader "$DEALER_BIG"
    rm -rf "$BENCH_OUT/card"; mkdir -p "$BENCH_OUT/card"; : >"$BENCH_OUT/card.paths"
    for id in $(some_people "$DEALER_BIG"); do
        echo "/v1/people/$id" >>"$BENCH_OUT/card.paths"
        { printf '\\startpipeline\n'; bind_text people_get "$id"; printf "select * from api.person_get('%s');\n\\\\endpipeline\n" "$id"; } \
            >"$BENCH_OUT/card/$((i++)).sql"
    done
    pair card "$BENCH_OUT/card.paths" "$BENCH_OUT/card"
    r=$(ratio "$PAIR_SERVER" "$PAIR_PGBENCH"); cpu=$(ratio "$PAIR_BOTH_CPU" "$PAIR_REFERENCE_CPU")
    result "card: requests/s against pgbench on the same transaction" "$r" ">= 0.85" "$(met "$r" '>=' 0.85)" \
        "$PAIR_SERVER/s against $PAIR_PGBENCH/s at $BENCH_CLIENTS connections"
    result "card: CPU (server + PostgreSQL) / (pgbench + PostgreSQL)" "$cpu" "<= 1.2" "$(met "$cpu" '<=' 1.2)" \
        "$PAIR_BOTH_CPU us against $PAIR_REFERENCE_CPU us"
    result "card: server CPU" "$PAIR_SERVER_CPU us" "<= 60 us" "$(met "$PAIR_SERVER_CPU" '<=' 60)" "user and system, at $BENCH_CLIENTS connections"
    cpu=$(server_cpu_at 64 "$BENCH_OUT/card.paths")
    result "card: server CPU at 64 connections" "$cpu us" "<= 60 us" "$(met "$cpu" '<=' 60)" "the turn of the loop serves more of them at once"
    measure_syscalls
}

# System calls of the server per warm request, counted by strace while a fixed number of requests runs.
syscalls() { # PATHS CONNECTIONS
    local pid n out
    pid=$(server_pid "$BENCH_DATA")
    load "$1" "$READER_COOKIE" "$2" 1 >/dev/null
    strace -f -c -o "$BENCH_OUT/strace" -p "$pid" 2>/dev/null &
    local tracer=$!
    sleep 0.5
    out=$(load "$1" "$READER_COOKIE" "$2" 4)
    kill -INT "$tracer" 2>/dev/null; wait "$tracer" 2>/dev/null || true
    n=$(awk '{ print $4 }' <<<"$out")
    awk -v n="$n" '$NF == "total" { printf "%.1f", $4 / n }' "$BENCH_OUT/strace"
}
measure_syscalls() {
    local v
    command -v strace >/dev/null || { result "system calls per warm request" "-" "4 / 7 / 4" "-" "strace is not installed"; return; }
    echo "/icon.svg" >"$BENCH_OUT/static.paths"
    v=$(syscalls "$BENCH_OUT/static.paths" 1); result "system calls per warm HTTP/1.1 request: static" "$v" "<= 4" "$(met "$v" '<=' 4)" "1 connection"
    v=$(syscalls "$BENCH_OUT/card.paths" 1); result "system calls per warm HTTP/1.1 request: card alone" "$v" "<= 7" "$(met "$v" '<=' 7)" "1 connection"
    v=$(syscalls "$BENCH_OUT/card.paths" 64); result "system calls per warm HTTP/1.1 request: card at 64 connections" "$v" "<= 4" "$(met "$v" '<=' 4)" "average"
}

measure_list() {
    local r
    reader "$DEALER_BIG"
    mkdir -p "$BENCH_OUT/list" "$BENCH_OUT/listjson"
    echo "/v1/people?limit=50" >"$BENCH_OUT/list.paths"
    { printf '\\startpipeline\n'; bind_text people_list -; printf 'select * from api.people_list(p_limit => 50);\n\\endpipeline\n'; } >"$BENCH_OUT/list/0.sql"
    { printf '\\startpipeline\n'; bind_text people_list -; printf 'select json_agg(x) from api.people_list(p_limit => 50) x;\n\\endpipeline\n'; } >"$BENCH_OUT/listjson/0.sql"
    pair list "$BENCH_OUT/list.paths" "$BENCH_OUT/listjson"
    r=$(ratio "$PAIR_SERVER" "$PAIR_PGBENCH")
    result "list of 50: requests/s against pgbench with json_agg" "$r" ">= 1.5" "$(met "$r" '>=' 1.5)" "$PAIR_SERVER/s against $PAIR_PGBENCH/s"
    pair list "$BENCH_OUT/list.paths" "$BENCH_OUT/list"
    r=$(ratio "$PAIR_SERVER" "$PAIR_PGBENCH")
    result "list of 50: requests/s against pgbench fetching the columns" "$r" ">= 0.7" "$(met "$r" '>=' 0.7)" "$PAIR_SERVER/s against $PAIR_PGBENCH/s"
    result "list of 50: server CPU" "$PAIR_SERVER_CPU us" "<= 150 us" "$(met "$PAIR_SERVER_CPU" '<=' 150)" "user and system, at $BENCH_CLIENTS connections"
}

# Pages of the largest dealer by each filter, rare values too, and in each order (R159): the slowest of them counts.
measure_pages() {
    local path worst=0 slowest='' plain='' count=0 p99 rps bad seat city
    reader "$DEALER_BIG"
    seat=$(sql "select seat_public_id from core.dealer_party where dealer_id = $DEALER_BIG and seat_id is not null group by 1 order by count(*) limit 1")
    city=$(sql "select city from core.dealer_party where dealer_id = $DEALER_BIG and city is not null group by 1 order by count(*) limit 1")
    city=$(node -p 'encodeURIComponent(process.argv[1])' "$city")
    for path in '' state={OFFERED,PENDING,ACTIVE,HELD,CUSTOMER,GRACE,DISPUTED,CLOSED} line={NEW,PARTS} abc={A,C} brand_id=3 seat_id={"$seat",none} "city=$city" \
        'state=HELD&line=PARTS' model=zz sort={-updated,-last_visit,protect_until} 'state=HELD&sort=-updated' 'line=PARTS&sort=protect_until'; do
        echo "/v1/people?limit=50&$path" >"$BENCH_OUT/pages.paths"
        read -r rps _ p99 _ bad < <(load "$BENCH_OUT/pages.paths" "$READER_COOKIE" 1 3)
        [ "$bad" = 0 ] && [ "$rps" != 0.0 ] || fail "pages: $path is not answered"
        count=$((count + 1))
        [ -n "$path" ] || plain="$p99 ms at $rps/s"
        if [ "$(met "$p99" '>=' "$worst")" = yes ]; then worst=$p99; slowest=$path; fi
    done
    result "list page of the largest dealer: p99 of the slowest of $count filters and orders" "$worst ms" "< 100 ms" "$(met "$worst" '<=' 99)" \
        "$slowest, of $(sql "select count(*) from core.dealer_party where dealer_id = $DEALER_BIG") clients, 1 connection; the plain page $plain"
}

# A second base of a tenth of the people and as many dealers, up at the same time: both are asked in turn.
on_small() { local BENCH_DATA BENCH_URL=https://localhost:$((BENCH_PORT + 20)); BENCH_DATA=$1; shift; "$@"; }

measure_series() {
    local small which path rank base round cookie p99 big little r target=1.2
    small=$BENCH_DATA.small
    BENCH_PORT=$((BENCH_PORT + 20)) "$BENCH_HERE/run" --data "$small" --people "$((PEOPLE / 10))" --dealers "$DEALERS" base >/dev/null
    for which in largest smallest; do
        rank=$([ "$which" = largest ] && echo 1 || echo '$')
        reader "$(sed -n "${rank}p" "$BENCH_OUT/dealers" | cut -f1)"; cookie=$READER_COOKIE
        on_small "$small" reader "$(sed -n "${rank}p" "$small/bench/dealers" | cut -f1)"
        for path in "/v1/people?limit=50" "/v1/people?limit=50&state=ACTIVE&line=NEW" "/v1/people?limit=50&sort=-last_visit"; do
            echo "$path" >"$BENCH_OUT/series.paths"
            : >"$BENCH_OUT/series.big"; : >"$BENCH_OUT/series.small"
            for round in 0 1 2 3; do    # round 0 warms up
                for base in big small; do
                    if [ "$base" = big ]; then p99=$(load "$BENCH_OUT/series.paths" "$cookie" 1 "$((BENCH_SECONDS / 2))" | cut -d' ' -f3)
                    else p99=$(on_small "$small" load "$BENCH_OUT/series.paths" "$READER_COOKIE" 1 "$((BENCH_SECONDS / 2))" | cut -d' ' -f3); fi
                    [ "$round" = 0 ] || echo "$p99" >>"$BENCH_OUT/series.$base"
                done
            done
            big=$(median $(cat "$BENCH_OUT/series.big")); little=$(median $(cat "$BENCH_OUT/series.small"))
            r=$(ratio "$big" "$little")
            result "list p99, $which dealer, ${path#/v1/people}: $PEOPLE against $((PEOPLE / 10)) parties" "$r" "<= $target" \
                "$(met "$r" '<=' "$target")" "$big ms against $little ms, 1 connection"
        done
    done
    "$CLIENTELE_ROOT/deploy/down" --data "$small" >/dev/null
}
