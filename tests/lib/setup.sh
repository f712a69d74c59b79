# SPDX-License-Identifier: Apache-2.0
# shellcheck shell=bash
# What tests stand on: packages, builds, one throw-away network, pgTAP databases.

. "$root/deploy/lib/cluster.sh"
. "$root/deploy/lib/packages.sh"
. "$root/tests/lib/result.sh"    # its say() is the one used here

# tests_install: what the chosen kinds need from Debian, only what is missing, only as root; no service is started.
tests_install() {
    local need=($PACKAGES_RUN $PACKAGES_BUILD libcmocka-dev) missing=() package
    wants gates && need+=(clang-format-14)
    wants fuzz && need+=(clang-14 libclang-rt-14-dev)
    wants sql && need+=(postgresql-15-pgtap)
    wants browser && need+=(chromium)
    wants fault && need+=(procps)
    wants bench && need+=(procps wrk strace curl xxd slowhttptest)
    [ "$long" = 1 ] && need+=(testssl.sh)
    if is_root; then user_make "$SERVER_USER"; fi
    for package in "${need[@]}"; do package_is_there "$package" || missing+=("$package"); done
    node_is_fit || node_of_debian || missing+=(nodejs npm)
    [ ${#missing[@]} -eq 0 ] && return 0
    if ! is_root; then say "missing packages: ${missing[*]} (only root can install them)"; return 0; fi
    say "installing ${missing[*]}"
    packages_quietly packages_get "${missing[@]}" >"$work/packages.log" 2>&1 </dev/null || fail_setup setup/packages "$work/packages.log"
}

# sink_install: the mail gateway that unit tests talk to, as deploy/up has it: unpacked where postfix is not installed.
sink_install() {
    local sink place=$builds/sink
    mkdir -p "$place/log"
    sink=$(sink_find "$place") || { say 'no smtp-sink: tests that need it are skipped'; return 0; }
    printf '#!/bin/sh\nLD_LIBRARY_PATH=%s exec %s "$@"\n' "$place/lib/postfix/usr/lib/postfix" "$sink" >"$place/smtp-sink"
    chmod 0755 "$place/smtp-sink"
    export CLIENTELE_SMTP_SINK=$place/smtp-sink
}

# build NAME [cmake option ...]: one build folder.
build() {
    local name=$1 log=$work/build_$1.log
    shift
    say "building $name"
    mkdir -p "$builds/$name"
    { cmake -S "$root" -B "$builds/$name" "$@" && nice cmake --build "$builds/$name" -j "$(nproc)"; } >"$log" 2>&1 </dev/null && return 0
    grep -E 'error|Error|warning' "$log" | head -n 40 >"$log.short"
    fail_setup "setup/build $name" "$log.short"
}

# deploy/up builds in this folder too, without tests: said again, or the unit tests of --sanitize would be those of long ago
build_sanitizer() { build sanitize -DCMAKE_BUILD_TYPE=Debug -DCLIENTELE_SANITIZE=ON -DCLIENTELE_TESTS=ON; }
build_fuzzers() {
    # by its version: the package clang-14 alone, as on a new machine, brings no program called clang
    CC=clang-14 build fuzz -DCMAKE_C_COMPILER=clang-14 -DCMAKE_BUILD_TYPE=Debug -DCLIENTELE_SANITIZE=ON -DCLIENTELE_FUZZ=ON -DCLIENTELE_TESTS=OFF
}

# free_ports COUNT: prints that many free loopback ports, none twice, below those that the kernel hands out in the meantime.
free_ports() {
    local port found=0 given=' '
    while [ "$found" -lt "$1" ]; do
        port=$((20000 + RANDOM % 12000))
        case $given in *" $port "*) continue ;; esac
        (exec 3<>"/dev/tcp/127.0.0.1/$port") 2>/dev/null && continue
        echo "$port"
        given+="$port "
        found=$((found + 1))
    done
}

# network_start: deploy/up with the demo network on free ports, or the one that --net names.
network_start() {
    local ports log=$work/up.log
    is_root || { say "kinds that need a network run as root only: sudo tests/run"; exit 1; }
    if [ -n "$net" ]; then
        ports=$(cat "$net/test-ports.json") || { say "no test network in $net"; exit 1; }
    else
        net=$work/net net_is_ours=yes
        read -r -d '' port dealer_port metrics_port mail_port < <(free_ports 4 | tr '\n' ' '; printf '\0')
        ports="{\"port\":$port,\"dealer_port\":$dealer_port,\"metrics_port\":$metrics_port,\"mail_port\":$mail_port}"
        say "starting the network (deploy/up)"
        [ -n "$sanitize" ] && build_sanitizer
        if ! "$root/deploy/up" --data "$net" --port "$port" --dealer-port "$dealer_port" --metrics-port "$metrics_port" \
            --mail-port "$mail_port" --build "$builds/$([ -n "$sanitize" ] && echo sanitize || echo release)" >"$log" 2>&1 </dev/null; then
            fail_setup "setup/deploy up" "$log"
            exit 1
        fi
        printf '%s\n' "$ports" >"$net/test-ports.json"
        say "the network is up on port $port"
    fi
    export CLIENTELE_TEST_NET=$net CLIENTELE_TEST_PORTS=$ports NODE_EXTRA_CA_CERTS=$net/ca.pem
    export CLIENTELE_TEST_ASSETS=$net/web    # the client as this network serves it
}

network_stop() {
    "$root/deploy/down" --data "$1" >"$work/down.log" 2>&1 </dev/null || { say "deploy/down failed"; cat "$work/down.log"; }
}

# browser_install: what tests/browser/package.json asks for, from npm.
browser_install() {
    local log=$work/npm.log
    [ -f tests/browser/package.json ] || { echo "# SKIP no tests/browser" >"$log"; record browser 0 0 1 0 "$log"; return 1; }
    [ -d tests/browser/node_modules ] && [ tests/browser/node_modules -nt tests/browser/package-lock.json ] && return 0
    say "npm ci in tests/browser"
    (cd tests/browser && npm ci --no-audit --no-fund) >"$log" 2>&1 </dev/null || { fail_setup setup/npm "$log"; return 1; }
    touch tests/browser/node_modules
}

# sql_template: the database clientele_sql, migrated and empty, with pgTAP; sql_root is where its user may read the tests.
sql_template() {
    sql_root=$(readable_root "$net") && (CLUSTER_DATABASE=clientele_sql cluster_migrate "$net") >"$work/sql.log" 2>&1 &&
        CLUSTER_DATABASE=clientele_sql cluster_psql "$net" -c 'create extension if not exists pgtap' >>"$work/sql.log" 2>&1
}

# sql_run FILE DATABASE: runs one pgTAP file on a fresh copy of the template, which goes with it.
sql_run() {
    local status=0
    CLUSTER_DATABASE=postgres cluster_psql "$net" -c "drop database if exists $2 with (force)" \
        -c "create database $2 template clientele_sql" \
        -c "revoke all on database $2 from public" \
        -c "grant connect on database $2 to login, dealer, head_office, auditor, system" || return 1
    (cd "$sql_root" && PGOPTIONS="-c client_min_messages=warning -c test.seed=$CLIENTELE_TEST_SEED" CLUSTER_DATABASE="$2" cluster_psql "$net" -At -f - <"$1") || status=$?
    CLUSTER_DATABASE=postgres cluster_psql "$net" -c "drop database if exists $2 with (force)" >&2
    return $status
}
