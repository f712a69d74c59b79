# SPDX-License-Identifier: Apache-2.0
# shellcheck shell=bash
# Launch of a network campaign that locks at least 100,000 people: time of the launch job, from its order to its end.

measure_launch() {
    local want=100000 marketer cookie out took judged locked is_met
    [ "$PEOPLE" -lt 200000 ] && want=$((PEOPLE / 4))
    marketer=$(sql "with s as (select staff_id from core.staff where role = 'marketer' limit 1),
        n as (insert into core.staff (dealer_id, role, name, email) select 0, 'marketer', 'Bench', 'marketer@bench.example'
              where not exists (select from s) returning staff_id)
        select staff_id from s union all select staff_id from n")
    cookie=$(session_make "$marketer" H 3>/dev/null)
    out=$(node "$BENCH_HERE/launch.mjs" --url "$BENCH_URL" --cookie "$cookie" --people "$want" --ca "$BENCH_DATA/ca.pem") || fail "launch: $out"
    read -r took judged locked <<<"$out"
    is_met=$(met "$took" '<=' 9.9)
    [ "$locked" -ge "$want" ] || is_met=no
    result "launch of a campaign that locks $locked people" "$took s" "< 10 s for 100,000" "$is_met" "network e-mail campaign, from the order to the end of its job; $judged judged"
}
