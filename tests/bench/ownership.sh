# SPDX-License-Identifier: Apache-2.0
# shellcheck shell=bash
# What R159 asks of many rights at once: the clock ends a million terms; a dealer of 40,000 rights leaves the network. Both change the
# base for good: they come last in a whole run, and a base that is kept serves a few times.

# term_due COUNT: so many terms ran out a second ago; what the clock would find after the busiest midnight of all.
term_due() {
    sql "begin; set local session_replication_role = replica; set local synchronous_commit = off;
         create schema if not exists bench; drop table if exists bench.term;
         create table bench.term as select ownership_id, party_id, dealer_id, protect_until as was from core.ownership
             where state in ('ACTIVE', 'CUSTOMER') and protect_until > core.now() order by ownership_id limit $1;
         update core.ownership o set protect_until = core.now() - interval '1 second' from bench.term t where o.ownership_id = t.ownership_id;
         update core.dealer_party p set ends_at = core.now() - interval '1 second'
             from bench.term t where p.dealer_id = t.dealer_id and p.party_id = t.party_id and p.ends_at = t.was;
         commit" >/dev/null
    sql 'vacuum analyze core.ownership' >/dev/null
    sql 'vacuum analyze core.dealer_party' >/dev/null
    sql 'vacuum analyze bench.term' >/dev/null
    sql checkpoint >/dev/null
}

# The same rows written by hand on one connection, into copies of the three tables with all their indexes: what they cost PostgreSQL
# without a rule, a lock or a notice. out: seconds
term_plain() {
    sql "set synchronous_commit = off;
         create table bench.ownership (like core.ownership including defaults including generated including indexes including constraints);
         create table bench.history (like core.ownership_history including indexes);
         create table bench.ledger (like core.ledger including all);
         insert into bench.ownership overriding system value select o.* from core.ownership o join bench.term t using (ownership_id)" >/dev/null ||
        fail 'copies of the tables of rights'
    sql 'vacuum analyze bench.ownership' >/dev/null
    PGOPTIONS='-c client_min_messages=warning -c synchronous_commit=off' cluster_psql "$BENCH_DATA" -qAt <<'SQL' | awk '/^Time/ { n += $2 } END { printf "%.1f", n / 1000 }'
\timing on
update bench.ownership set state = 'GRACE', ver = ver + 1, free_from = core.now();
insert into bench.history select h.* from core.ownership_history h join bench.term t using (ownership_id) where h.ver = 1;
insert into bench.ledger (at, dealer_id, kind, subject, party_id, brand_id, line, rule, detail)
    select core.now(), o.dealer_id, 'right.expire', o.public_id::text, o.party_id, o.brand_id, o.line, 'R14', '{"to": "GRACE"}' from bench.ownership o;
SQL
    sql 'drop table bench.ownership, bench.history, bench.ledger' >/dev/null
}

measure_expiry() {
    local count want=1000000 since took left tries plain
    count=$(sql "select count(*) / 2 from core.ownership where state in ('ACTIVE', 'CUSTOMER')")
    [ "$count" -gt "$want" ] || want=$count
    server_stop "$BENCH_DATA"
    term_due "$want"
    since=$(sql 'select core.now()')
    server_start "$BENCH_DATA"
    server_wait "$BENCH_DATA" || fail 'the server did not come up'
    # from the first statement of the clock to the last, by the history's own stamps
    for ((tries = 0; tries < 1200; tries++)); do
        left=$(sql "select count(*) from (select from core.ownership where state in ('ACTIVE', 'CUSTOMER') and protect_until <= core.now() limit 1) x")
        [ "$left" = 0 ] && break
        sleep 0.5
    done
    [ "$left" = 0 ] || fail 'the clock did not end all terms in ten minutes'
    took=$(sql "select round(extract(epoch from max(h.recorded_at) - min(h.recorded_at))::numeric, 1) from core.ownership_history h
                where h.recorded_at > '$since'::timestamptz and h.event = 'expire'")
    [ "$(sql "select count(*) from core.ownership o join bench.term t using (ownership_id) where o.state = 'GRACE'")" = "$want" ] || fail 'not every term was ended'
    plain=$(term_plain)
    sql 'drop table bench.term' >/dev/null
    result "expiry of $want rights (R14)" "$took s" "< 30 s for 1,000,000" "$(awk -v t="$took" -v n="$want" 'BEGIN { print t * 1000000 / n < 30 ? "yes" : "no" }')" \
        "$(awk -v t="$took" -v n="$want" 'BEGIN { printf "%.0f", t * 1000000 / n }') us a right on two connections: right, history, ledger, notice, list; the bare rows of the first three on one connection $plain s"
}

measure_transfer() {
    local router arbiter out took moved stayed from
    from=$(sql "select d.public_id from core.dealer d join (select dealer_id, count(*) as n from core.ownership where state <> 'CLOSED' group by 1) o using (dealer_id)
                where d.dealer_id <> 0 and d.is_active order by abs(o.n - 40000) limit 1")
    for out in router arbiter; do
        sql "insert into core.staff (dealer_id, role, name, email) select 0, '$out', 'Bench', '$out@bench.example'
             where not exists (select from core.staff where role = '$out' and is_active)" >/dev/null
    done
    router=$(session_make "$(sql "select staff_id from core.staff where role = 'router' and is_active limit 1")" H 3>/dev/null)
    arbiter=$(session_make "$(sql "select staff_id from core.staff where role = 'arbiter' and is_active limit 1")" H 3>/dev/null)
    out=$(node "$BENCH_HERE/transfer.mjs" --url "$BENCH_URL" --router "$router" --arbiter "$arbiter" --from "$from" --ca "$BENCH_DATA/ca.pem") || fail "transfer: $out"
    read -r took moved stayed <<<"$out"
    result "bulk transfer of $moved rights of a dealer that ceases (R131)" "$took s" "-" "-" \
        "$(awk -v t="$took" -v n="$moved" 'BEGIN { printf "%.2f", t * 1000 / n }') ms a right: closed, succeeded, history, ledger, tasks, locks, lists of four dealers; $stayed stayed"
}
