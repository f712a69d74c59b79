# SPDX-License-Identifier: Apache-2.0
# shellcheck shell=bash
# A list of a million clients through the server: read, matched and judged, brought in; against plain COPY of the same rows.

measure_import() {
    local rows=1000000 manager cookie out read check run kib verdicts copy all list=$BENCH_OUT/list.csv
    [ -n "$SMOKE" ] && rows=5000
    # one row in twenty is about somebody the network knows, under his own name and telephone; the others nobody knows
    { echo 'surname,given_name,phone,consent'
      sql "copy (select p.surname, coalesce(p.given_name, ''), k.value, 'bench ' || p.party_id from core.match_key k join core.party p using (party_id)
           where k.kind = 'PHONE' and p.surname <> '' limit $((rows / 20))) to stdout (format csv)"
      awk -v n=$((rows - rows / 20)) 'BEGIN { for (i = 0; i < n; i++) printf "Проверкин%d,Пётр,+7999%07d,bench %d\n", i % 9973, i % 10000000, i }'
    } >"$list"
    chmod a+r "$list"
    manager=$(sql "select staff_id from core.staff where dealer_id = $DEALER_MID and role = 'manager' and is_active limit 1")
    cookie=$(session_make "$manager" D 3>/dev/null)
    out=$(node "$BENCH_HERE/import.mjs" --url "$BENCH_URL" --cookie "$cookie" --ca "$BENCH_DATA/ca.pem" --file "$list" \
        --pid "$(server_pid "$BENCH_DATA")" --run) || fail "import: $out"
    read -r read check run kib verdicts <<<"$out"
    copy=$(cluster_psql "$BENCH_DATA" -qAt -c 'create unlogged table public.bench_list (surname text, given_name text, phone text, consent text)' \
        -c '\timing on' -c "\\copy public.bench_list from '$list' (format csv, header)" -c '\timing off' -c 'drop table public.bench_list' |
        awk '/^Time:/ { printf "%.2f", $2 / 1000 }')
    all=$(awk -v a="$read" -v b="$check" 'BEGIN { printf "%.1f", a + b }')
    result "import: $rows clients read, matched and judged" "$all s" "< 60 s for 1,000,000" "$(met "$all" '<=' 60)" "read $read s, dry run $check s; $verdicts"
    result "import: the same brought in, with rights, receipts, history, ledger, lists" "$run s" "-" "-" "one job"
    result "import: ratio to plain COPY of the same rows" "$(ratio "$all" "$copy") / $(ratio "$run" "$copy")" "-" "-" "judged / brought in; COPY $copy s"
    result "import: memory of the server" "$((kib / 1024)) MB" "<= 200 MB" "$(met "$((kib / 1024))" '<=' 200)" "most resident while it ran"
}
