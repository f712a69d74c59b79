# SPDX-License-Identifier: Apache-2.0
# shellcheck shell=bash
# Counting: every kind of test ends in record NAME STATUS PASSED FAILED SKIPPED; output is shown only on failure.

passed=0 failed=0 skipped=0 failures=''
begun_s=$SECONDS

# say TEXT: one line with the seconds since the beginning.
say() { printf '[%4ds] %s\n' "$((SECONDS - begun_s))" "$*"; }

# record NAME PASSED FAILED SKIPPED SECONDS LOG: counts, prints one line, shows LOG when something failed.
record() {
    local name=$1 good=$2 bad=$3 skip=$4 took_s=$5 log=$6 word=ok
    passed=$((passed + good)); failed=$((failed + bad)); skipped=$((skipped + skip))
    [ "$bad" -gt 0 ] && word=FAILED
    [ "$good" -eq 0 ] && [ "$bad" -eq 0 ] && word=skipped
    printf '%-7s %-52s %4d passed %3d failed %3d skipped %4d s\n' "$word" "$name" "$good" "$bad" "$skip" "$took_s"
    if [ "$bad" -gt 0 ]; then
        failures="$failures $name"
        sed 's/^/    | /' "$log" | tail -n "${CLIENTELE_TEST_LINES:-120}"
    else
        sed -n 's/^ *#* *\(skipped: no .*\)/    # \1/p; s/^ *# \(SKIP.*\|sampled.*\|seed.*\)/    # \1/p; s/^ *ok [0-9]* - \(.*\) # SKIP \(.*\)/    # skipped: \1: \2/p' "$log" | sort -u | head -n 12
    fi
}

# tap_count LOG: sets good, bad, skip from flat TAP (cmocka, pgTAP).
tap_count() {
    local waived    # what a TAP file itself declares as not yet expected to pass; cmocka writes a skip as "not ok N # SKIP"
    skip=$(grep -Eic '^ *ok .*# *skip' "$1")
    good=$(($(grep -Ec '^ok ' "$1") - skip))
    waived=$(grep -Eic '^not ok [0-9]+ *# *skip' "$1")
    bad=$(($(grep -Ec '^not ok ' "$1") - waived)); skip=$((skip + waived))
    waived=$(grep -Eic '^not ok .*# *to''do' "$1")
    bad=$((bad - waived)); skip=$((skip + waived))
}

# node_count LOG: sets good, bad, skip from the sums that node --test prints.
node_count() {
    good=$(sed -n 's/^# pass \([0-9]*\)$/\1/p' "$1" | tail -n 1)
    bad=$(sed -n 's/^# fail \([0-9]*\)$/\1/p' "$1" | tail -n 1)
    skip=$(sed -n 's/^# skipped \([0-9]*\)$/\1/p' "$1" | tail -n 1)
    local cancelled
    cancelled=$(sed -n 's/^# cancelled \([0-9]*\)$/\1/p' "$1" | tail -n 1)
    good=${good:-0}; skip=${skip:-0}; bad=$((${bad:-0} + ${cancelled:-0}))
}

# settle NAME STATUS SECONDS LOG: records after a count; a program that died without saying so has failed once.
settle() {
    [ "$2" -ne 0 ] && [ "$bad" -eq 0 ] && { bad=1; printf 'ended with status %s\n' "$2" >>"$4"; }
    [ "$good" -eq 0 ] && [ "$bad" -eq 0 ] && [ "$skip" -eq 0 ] && { bad=1; echo "it ran no test" >>"$4"; }
    record "$1" "$good" "$bad" "$skip" "$3" "$4"
}

# fail_setup NAME LOG: something that tests need did not come to be.
fail_setup() { record "$1" 0 1 0 0 "$2"; }

result_print() {
    [ -n "$failures" ] && say "failed:$failures"
    say "took $((SECONDS - begun_s)) s"
    printf '%d passed, %d failed, %d skipped\n' "$passed" "$failed" "$skipped"
}

# run_node FILE LIMIT_S: one node:test file.
run_node() {
    local file=$1 log began=$SECONDS status=0 good bad skip
    log=$work/$(echo "$file" | tr / _).log
    timeout --signal=INT --kill-after=10 "$2" node --test --test-reporter=tap "$file" >"$log" 2>&1 </dev/null || status=$?
    node_count "$log"
    settle "${file#tests/}" "$status" "$((SECONDS - began))" "$log"
}

# run_unit FILE: the cmocka program of one tests/unit/FOLDER/NOUN_test.c.
run_unit() {
    local name log began=$SECONDS status=0 good bad skip
    name=${1#tests/unit/}; name=${name%.c}
    log=$work/unit_$(echo "$name" | tr / _).log
    if [ ! -x "$builds/sanitize/tests/unit/$name" ]; then
        echo "not built" >"$log"; fail_setup "unit/$name" "$log"; return
    fi
    CMOCKA_MESSAGE_OUTPUT=TAP ASAN_OPTIONS=detect_leaks=1:abort_on_error=0 UBSAN_OPTIONS=print_stacktrace=1 \
        timeout 300 "$builds/sanitize/tests/unit/$name" >"$log" 2>&1 </dev/null || status=$?
    tap_count "$log"
    settle "unit/$name" "$status" "$((SECONDS - began))" "$log"
}

# fuzz_one NAME LIMIT_S: one fuzzer from its kept corpus; its log and "status seconds" stay in $work. A find stays in tests/out.
fuzz_one() {
    local name=$1 limit_s=$2 log=$work/fuzz_$1.log began=$SECONDS status=0
    mkdir -p "$work/corpus/$name" tests/out "tests/fuzz/corpus/${name%_fuzz}"
    # what is freed is kept back for 16 MB, not 256: the fuzzers of both cores take 140 MB and not 700 where memory is short
    ASAN_OPTIONS=quarantine_size_mb=16 timeout $((limit_s + 60)) "$builds/fuzz/tests/fuzz/$name" -max_total_time="$limit_s" -seed="$CLIENTELE_TEST_SEED" \
        -artifact_prefix=tests/out/"$name"- -print_final_stats=1 -verbosity=0 "$work/corpus/$name" "tests/fuzz/corpus/${name%_fuzz}" \
        >"$log" 2>&1 </dev/null || status=$?
    echo "# seed $CLIENTELE_TEST_SEED, $limit_s s, $(sed -n 's/^stat::number_of_executed_units: *//p' "$log") inputs" >>"$log"
    echo "$status $((SECONDS - began))" >"$work/fuzz_$name.status"
}

# run_fuzzers FILE...: 20 seconds each (ten minutes with --long), as many at a time as there are cores, with a printed seed.
run_fuzzers() {
    local file name limit_s=20 status took_s
    [ "$long" = 1 ] && limit_s=600
    limit_s=${CLIENTELE_TEST_FUZZ_S:-$limit_s}
    for file in "$@"; do
        name=$(basename "$file" .c)
        if [ ! -x "$builds/fuzz/tests/fuzz/$name" ]; then echo "not built" >"$work/fuzz_$name.log"; continue; fi
        while [ "$(jobs -pr | wc -l)" -ge "$(nproc)" ]; do wait -n; done
        fuzz_one "$name" "$limit_s" &
    done
    wait
    for file in "$@"; do
        name=$(basename "$file" .c)
        status=1 took_s=0
        [ -f "$work/fuzz_$name.status" ] && read -r status took_s <"$work/fuzz_$name.status"
        if [ "$status" -eq 0 ]; then record "fuzz/$name" 1 0 0 "$took_s" "$work/fuzz_$name.log"
        else record "fuzz/$name" 0 1 0 "$took_s" "$work/fuzz_$name.log"; fi
    done
}

# sql_one NAME: one pgTAP file; its log and "status seconds" stay in $work.
sql_one() {
    local began=$SECONDS status=0
    sql_run "tests/sql/$1.sql" "clientele_$1" >"$work/sql_$1.log" 2>&1 || status=$?
    echo "$status $((SECONDS - began))" >"$work/sql_$1.status"
}

# run_sql: every pgTAP file of tests/sql in a database of its own, copied from one made once, as many at a time as there are cores.
run_sql() {
    local file name status took_s good bad skip names=()
    sql_template || { fail_setup sql/setup "$work/sql.log"; return; }
    for file in $(chosen $(find tests/sql -name '*_test.sql' | sort)); do names+=("$(basename "$file" .sql)"); done
    for name in "${names[@]}"; do
        while [ "$(jobs -pr | wc -l)" -ge "$(nproc)" ]; do wait -n; done
        sql_one "$name" &
    done
    wait
    for name in "${names[@]}"; do
        status=1 took_s=0
        [ -f "$work/sql_$name.status" ] && read -r status took_s <"$work/sql_$name.status"
        tap_count "$work/sql_$name.log"
        grep -q '^# Looks like' "$work/sql_$name.log" && [ "$bad" -eq 0 ] && bad=1
        settle "sql/$name.sql" "$status" "$took_s" "$work/sql_$name.log"
    done
}

# run_bench: the benchmarks as a smoke test: they run and print their table; figures are judged by tests/bench/run itself.
run_bench() {
    local log=$work/bench.log began=$SECONDS status=0 good=0 bad=0 skip=0
    if [ ! -x tests/bench/run ]; then skip=1; echo "# SKIP no tests/bench/run" >"$log"
    else
        CLIENTELE_BUILD=$builds timeout 900 tests/bench/run --smoke >"$log" 2>&1 </dev/null || status=$?
        if [ "$status" -eq 0 ]; then good=1; else bad=1; fi
    fi
    record bench/run "$good" "$bad" "$skip" "$((SECONDS - began))" "$log"
}
