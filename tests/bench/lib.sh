# SPDX-License-Identifier: Apache-2.0
# shellcheck shell=bash
# What every measure of tests/bench uses: the base under test, credentials made in the database, load, CPU time of the
# two programs, and rows of the result table. Source it after deploy/lib/cluster.sh.

BENCH_CLIENTS=${BENCH_CLIENTS:-16}      # connections of the load, the same for server and pgbench
BENCH_SECONDS=${BENCH_SECONDS:-10}      # of one round of three; the median counts
BENCH_ROUNDS=${BENCH_ROUNDS:-7}         # of a pair, in the time of three

# sql TEXT: one value from the base, as superuser.
sql() { cluster_psql "$BENCH_DATA" -qAt -v ON_ERROR_STOP=1 -c "$1"; }

# session_make STAFF_ID LETTER: a session of this staff member. out: the cookie's value; its secret (hex) on fd 3.
session_make() {
    local secret
    secret=$(openssl rand -hex 32)
    sql "insert into session.session (secret_hash, staff_id, letter, agent, address, created_at, seen_at, authenticated_at,
             idle_until, expires_at)
         values (sha256(decode('$secret', 'hex')), $1, '$2', 'bench', '127.0.0.1', core.now(), core.now(), core.now(),
             core.now() + interval '1 day', core.now() + interval '1 day')" >/dev/null
    printf '%s' "$secret" >&3
    printf '%s%s' "$2" "$(printf '%s' "$secret" | xxd -r -p | base64 -w0 | tr '+/' '-_' | tr -d '=')"
}

# cpu_us PID: CPU microseconds of this process and its children, ended ones included.
cpu_us() {
    # a child may end between being listed and being read
    { cat "/proc/$1/stat" $(pgrep -P "$1" | sed 's|.*|/proc/&/stat|') 2>/dev/null || :; } | sed 's/^\([0-9]*\) (.*)/\1/' |
        awk -v root="$1" -v hz="$(getconf CLK_TCK)" '{ n += $13 + $14 } $1 == root { n += $15 + $16 } END { printf "%d", n * 1000000 / hz }'
}
server_cpu_us() { cpu_us "$(server_pid "$BENCH_DATA")"; }
database_cpu_us() { cpu_us "$(head -n 1 "$BENCH_DATA/pg/postmaster.pid")"; }

# load PATHS_FILE COOKIE CONNECTIONS [SECONDS]: wrk over TLS; out: "requests_per_s p50_ms p99_ms requests errors".
load() {
    local paths=$1 cookie=$2 connections=$3 seconds=${4:-$BENCH_SECONDS}
    BENCH_PATHS=$paths BENCH_COOKIE=$cookie wrk -t1 -c"$connections" -d"${seconds}s" --timeout 5s --latency \
        -s "$BENCH_HERE/load.lua" "$BENCH_URL" 2>&1 | awk '
        function ms(v) { if (v ~ /us$/) return v / 1000; if (v ~ /ms$/) return v + 0; if (v ~ /s$/) return v * 1000; return v }
        $1 == "50%" { p50 = ms($2) } $1 == "99%" { p99 = ms($2) } /requests in/ { n = $1 } /Requests\/sec/ { rps = $2 }
        /Non-2xx/ { bad = $NF } /Socket errors/ { gsub(",", ""); bad += $4 + $6 + $8 + $10 }
        END { printf "%.1f %.3f %.3f %d %d\n", rps, p50, p99, n, bad }'
}

# transactions SCRIPTS_DIR ROLE CLIENTS [SECONDS]: pgbench over the same statements; out: "tps latency_ms transactions cpu_us",
# where cpu_us is pgbench's own.
transactions() {
    local files=() f
    for f in "$1"/*.sql; do files+=(-f "$f"); done
    { TIMEFORMAT='cpu %U %S'
      time PGHOST=$(cluster_socket "$BENCH_DATA") PGUSER=$2 PGDATABASE=clientele PGOPTIONS='-c plan_cache_mode=force_generic_plan' \
        as_user "$SERVER_USER" pgbench -n -M prepared -c "$3" -j 1 -T "${4:-$BENCH_SECONDS}" "${files[@]}" 2>"$BENCH_OUT/pgbench.err"
    } 2>&1 | awk '/^tps/ { tps = $3 } /latency average/ { l = $4 } /actually processed/ { split($NF, a, "/"); n = a[1] } /^cpu / { c = ($2 + $3) * 1000000 }
             END { printf "%.1f %.3f %d %d\n", tps, l, n, c }'
}

# median A B C
median() { printf '%s\n' "$@" | sort -g | awk '{ v[NR] = $1 } END { print v[int((NR + 1) / 2)] }'; }

# ratio A B: A / B with two decimals.
ratio() { awk -v a="$1" -v b="$2" 'BEGIN { if (b > 0) printf "%.2f", a / b; else print "-" }'; }

# result MEASURE VALUE TARGET IS_MET(yes|no|-) NOTE: one row of the table.
result() {
    printf '%s\t%s\t%s\t%s\t%s\n' "$1" "$2" "$3" "$4" "$5" >>"$BENCH_OUT/results.tsv"
    printf '  %-64s %s (target %s) %s\n' "$1" "$2" "$3" "$5"
}

# met VALUE OP TARGET: yes or no.
met() { awk -v a="$1" -v b="$3" -v op="$2" 'BEGIN { print ((op == ">=" && a + 0 >= b) || (op == "<=" && a + 0 <= b)) ? "yes" : "no" }'; }
