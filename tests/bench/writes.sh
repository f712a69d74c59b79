# SPDX-License-Identifier: Apache-2.0
# shellcheck shell=bash
# Writes: an interaction with its ledger row against pgbench, and registration with the blind match at a fixed arrival rate.

measure_interaction() {
    local id i=0 r tps csrf s=() p=() round
    reader "$DEALER_BIG"
    rm -rf "$BENCH_OUT/interaction"; mkdir -p "$BENCH_OUT/interaction"; : >"$BENCH_OUT/interaction.paths"
    for id in $(some_people "$DEALER_BIG"); do
        echo "/v1/people/$id/interactions" >>"$BENCH_OUT/interaction.paths"
        { printf '\\set k random(1, 1000000000000)\n\\startpipeline\n'
          printf "select session.bind('\\\\x%s'::bytea, 1023, 'interaction_add', 'w', '%s', 'bench', 'ru', 'p' || :k, '\\\\x00'::bytea);\n" "$READER_SECRET" "$id"
          printf "select session.remember(to_json(r)) from api.interaction_add('%s', 'NOTE', null, 'Звонок, обсудили сроки') r;\n\\\\endpipeline\n" "$id"; } \
            >"$BENCH_OUT/interaction/$((i++)).sql"
    done
    csrf=$(curl -s --cacert "$BENCH_DATA/ca.pem" -H "Cookie: __Host-s=$READER_COOKIE" "$BENCH_URL/v1/session" | sed 's/.*"csrf[a-z_]*":"\([^"]*\)".*/\1/')
    for round in 1 2 3; do
        s+=("$(BENCH_BODY='{"kind":"NOTE","text":"Звонок, обсудили сроки"}' BENCH_CSRF=$csrf load "$BENCH_OUT/interaction.paths" "$READER_COOKIE" "$BENCH_CLIENTS" |
            { read -r rps _ _ n bad; [ "$bad" = 0 ] || say "interaction: $bad of $n were not 2xx" >&2; echo "$rps"; })")
        tps=$(transactions "$BENCH_OUT/interaction" dealer "$BENCH_CLIENTS" | cut -d' ' -f1); p+=("$tps")
    done
    r=$(ratio "$(median "${s[@]}")" "$(median "${p[@]}")")
    result "interaction + ledger: requests/s against pgbench" "$r" ">= 0.85" "$(met "$r" '>=' 0.85)" \
        "$(median "${s[@]}")/s against $(median "${p[@]}")/s at $BENCH_CLIENTS connections"
}

registrations() { # SECONDS
    node "$BENCH_HERE/register.mjs" --url "$BENCH_URL" --cookie "$READER_COOKIE" --rate 200 --connections 64 --seconds "$1" --ca "$BENCH_DATA/ca.pem"
}

# disk SECONDS: "p50_ms p99_ms max_ms count" of a flush on the disk that has the base.
disk() { node "$BENCH_HERE/disk.mjs" --file "$BENCH_OUT/flush" --seconds "$1"; }

# A server in a data centre has its base in memory; one that was just started has not.
base_warm() {
    sql "create extension if not exists pg_prewarm" >/dev/null
    sql "select pg_prewarm(c.oid) from (select c.oid from pg_class c join pg_namespace n on n.oid = c.relnamespace
         where n.nspname in ('core', 'session') and c.relkind in ('r', 'i') order by c.relkind desc, c.relpages desc) c" >/dev/null
    # of a base larger than memory, at least the indexes that a registration writes
    sql "select pg_prewarm(c.oid) from (select c.oid from pg_index x join pg_class c on c.oid = x.indexrelid
         where x.indrelid = any ('{core.party,core.match_key,core.contact_point,core.consent,core.ownership,core.dealer_party,core.dealer_key}'::regclass[])
         order by c.relpages desc) c" >/dev/null
    sql "drop extension pg_prewarm" >/dev/null
}

# What other measures wrote goes to the disk, and the disk gets its breath back: a flush takes less than 20 ms again, or a minute is over.
disk_rest() {
    local slowest tries
    sql checkpoint >/dev/null; sync
    for tries in $(seq 1 20); do
        slowest=$(disk 3 | cut -d' ' -f3)
        [ "$(met "$slowest" '<=' 20)" = no ] || break
    done
}

# Arrivals at 200 a second whatever the answers do; the time is that of bind and call in PostgreSQL plus the server's own work,
# without the padding of R25: the server's log line gives it. The flush that the answer waits for after its transaction lies inside the
# padding (server/api/flush.h): it has a row of its own, with what the disk did in the same seconds.
measure_registration() {
    local p99 flush both n seconds=$((BENCH_SECONDS * 3)) log=$BENCH_DATA/log/server.log from d50 d99 dmax
    sql "update core.policy set value_int = max_int where name in ('P18.seat', 'P16.user_hour', 'P16.dealer_day')" >/dev/null
    reader "$DEALER_MID"
    base_warm
    disk_rest
    registrations "$seconds" >/dev/null    # the connections get to know their statements, the log has seen the pages once since the checkpoint
    from=$(wc -l <"$log")
    disk "$seconds" >"$BENCH_OUT/registration.disk" &
    registrations "$seconds" >"$BENCH_OUT/registration.out"
    wait $!
    sleep 1
    tail -n +"$((from + 1))" "$log" | grep '"registration_add"' | node "$BENCH_HERE/work.mjs" >"$BENCH_OUT/registration.work"
    read -r p99 flush both n <"$BENCH_OUT/registration.work"
    read -r d50 d99 dmax _ <"$BENCH_OUT/registration.disk"
    result "registration with blind match at 200/s: p99 before the padding" "$p99 ms" "< 30 ms" "$(met "$p99" '<=' 30)" \
        "$n registrations over $(sql 'select count(*) from core.party') parties"
    result "registration at 200/s: p99 of the flush after it; of both together" "$flush ms; $both ms" "-" "-" \
        "inside the padding, shared by those who wait; the disk's own flush meanwhile: p50 $d50, p99 $d99, longest $dmax ms"
}
