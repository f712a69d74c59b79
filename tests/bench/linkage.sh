# SPDX-License-Identifier: Apache-2.0
# shellcheck shell=bash
# Who is the same person: quality of linkage on public files (their gold is never shown to it) and its speed on generated records.
# Needs no base: `tests/bench/run linkage` makes one all the same; tests/bench/match/quality.mjs runs alone.

measure_linkage() {
    local build=$BENCH_OUT/linkage-build records=${SMOKE:+20000} line figures seconds megabytes wrong
    records=${records:-1000000}
    cmake -S "$CLIENTELE_ROOT" -B "$build" -DCMAKE_BUILD_TYPE=Release -DCLIENTELE_TESTS=OFF >"$BENCH_OUT/linkage.log"
    cmake --build "$build" --target clientele-match -j 2 >>"$BENCH_OUT/linkage.log"
    if [ -d "${CLIENTELE_TEST_DATA:-$CLIENTELE_ROOT/../shared/data}" ]; then
        node "$BENCH_HERE/match/quality.mjs" "$build/clientele-match" >"$BENCH_OUT/linkage.tsv"
        while IFS= read -r line; do IFS=$'\t' read -r -a figures <<<"$line"; result "${figures[@]}"; done <"$BENCH_OUT/linkage.tsv"
        node "$BENCH_HERE/match/generate.mjs" "$records" 7 >"$BENCH_OUT/records.csv"
        "$build/clientele-match" id 'surname=surname,name=name,born_on=date,phone=phone,email=email,city=city,address=address' \
            "$BENCH_OUT/records.csv" 2>"$BENCH_OUT/linkage.err" >/dev/null
        # "records 1000000, pairs 249826, blocked 28.0 million, read 8.6 s, link 71.4 s, 223 MB, CPU 74.0 s"
        read -r seconds megabytes < <(awk -F', ' '/^records/ { split($4, r, " "); split($5, l, " "); split($6, m, " "); printf "%.0f %d\n", r[2] + l[2], m[1] }' "$BENCH_OUT/linkage.err")
        result "linkage: $records generated records against themselves" "$seconds s" "<= 300 s" "$(met "$seconds" "<=" 300)" "one core: $(tail -n 1 "$BENCH_OUT/linkage.err")"
        result "linkage: memory for them" "$megabytes MB" "<= 2048 MB" "$(met "$megabytes" "<=" 2048)" "largest resident size"
        # the control: nobody is in this list twice, so whatever is joined is wrong
        node "$BENCH_HERE/match/generate.mjs" 20000 3 0 >"$BENCH_OUT/records.csv"
        wrong=$("$build/clientele-match" id 'surname=surname,name=name,born_on=date,phone=phone,email=email,city=city,address=address' \
            "$BENCH_OUT/records.csv" 2>/dev/null | grep -vc possible || :)
        result "linkage: pairs joined of 20,000 people without a copy" "$wrong" "<= 10" "$(met "$wrong" "<=" 10)" "a list without duplicates teaches nothing, and must not be made to"
        rm -f "$BENCH_OUT/records.csv"
    fi
}
