# SPDX-License-Identifier: Apache-2.0
# shellcheck shell=bash
# The web client: bytes of the first load, and Lighthouse's mobile marks of the sign-in page and the client list.

measure_browser() {
    local kb out
    kb=$(node "$CLIENTELE_ROOT/clients/web/tests/budget.mjs" --first-load "$BENCH_DATA/web" 2>/dev/null || true)
    result "browser: first load, gzip" "${kb:-?} KB" "<= 60 KB" "$(met "${kb:-999}" '<=' 60)" "JS + CSS of the client list"
    if ! (cd "$BENCH_HERE" && [ -d node_modules/lighthouse ] || npm install --no-save --no-audit --no-fund --ignore-scripts lighthouse@12.8.2) >/dev/null 2>&1; then
        result "browser: Lighthouse mobile" "-" ">= 95, 100, 100" "-" "lighthouse could not be installed"
        return
    fi
    reader "$DEALER_MID"
    out=$(node "$BENCH_HERE/lighthouse.mjs" --url "$BENCH_URL" --cookie "$READER_COOKIE") || { result "browser: Lighthouse mobile" "-" ">= 95, 100, 100" "no" "$out"; return; }
    while read -r page performance accessibility practices; do
        result "browser: Lighthouse mobile, $page" "$performance, $accessibility, $practices" ">= 95, 100, 100" \
            "$([ "$performance" -ge 95 ] && [ "$accessibility" = 100 ] && [ "$practices" = 100 ] && echo yes || echo no)" \
            "performance, accessibility, best practices"
    done <<<"$out"
}
