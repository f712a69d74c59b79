# SPDX-License-Identifier: Apache-2.0
# shellcheck shell=bash
# A private PostgreSQL 15 cluster in a folder: unix socket only, peer authentication, never as root. deploy/up keeps the
# product's data in one; tests and benchmarks make throw-away ones with the same functions:
#
#   . deploy/lib/cluster.sh
#   cluster_make /tmp/mine throwaway     # initdb, settings, identity extension
#   cluster_start /tmp/mine              # returns when it answers
#   cluster_migrate /tmp/mine            # database "clientele", schema, roles, grants
#   cluster_psql /tmp/mine -c 'select 1' # as superuser; CLUSTER_ROLE=dealer for another role (throw-away only)
#   cluster_stop /tmp/mine; cluster_remove /tmp/mine
#
# Layout of DIR: pg/ data, lib/ clientele.so, log/, run/ socket (see DIR/socket for where it really is).

. "$(dirname "${BASH_SOURCE[0]}")/common.sh"
. "$(dirname "${BASH_SOURCE[0]}")/extension.sh"

CLUSTER_LOGINS="login dealer head_office auditor system"

# cluster_socket DIR: prints the socket folder of the cluster.
cluster_socket() { cat "$1/socket" 2>/dev/null || fail "$1 holds no cluster (cluster_make comes first)"; }

# cluster_is_running DIR: true when its postmaster lives.
cluster_is_running() {
    [ -f "$1/pg/postmaster.pid" ] && as_user "$DATABASE_USER" "$PG_BIN/pg_ctl" status -D "$1/pg" >/dev/null 2>&1
}

# cluster_make DIR [throwaway]: makes or renews the cluster's files; keeps data that is there. A throw-away cluster does
# not fsync and lets the caller's own user connect as every role. Needs root, or runs everything as the caller.
cluster_make() {
    local dir=$1 kind=${2:-kept} sync=() target
    [ -x "$PG_BIN/initdb" ] || fail "PostgreSQL 15 is not installed ($PG_BIN/initdb is missing)"
    if is_root; then user_make "$SERVER_USER"; user_make "$DATABASE_USER"; fi
    mkdir -p "$dir" || fail "cannot make $dir"
    dir=$(cd "$dir" && pwd)
    folder "$dir/pg" 0700 "$DATABASE_USER:$DATABASE_USER"
    folder "$dir/log" 0755
    folder "$dir/log/db" 0700 "$DATABASE_USER:$DATABASE_USER"
    as_user "$DATABASE_USER" test -w "$dir/pg" || fail "user $DATABASE_USER cannot reach $dir: choose a folder it may enter"
    if [ ! -f "$dir/pg/PG_VERSION" ]; then
        [ "$kind" = throwaway ] && sync=(--no-sync)
        # in a folder of its own: half a cluster must not look like a whole one. A disk prepared for it is taken as it is
        target=$dir/pg.new
        rm -rf "$target"
        if [ -L "$dir/pg" ] || mountpoint -q "$dir/pg"; then target=$dir/pg; else folder "$target" 0700 "$DATABASE_USER:$DATABASE_USER"; fi
        as_user "$DATABASE_USER" "$PG_BIN/initdb" -D "$target" -U "$DATABASE_USER" --encoding=UTF8 --locale=C.UTF-8 \
            --data-checksums --auth=reject --no-instructions "${sync[@]}" >"$dir/log/initdb.log" 2>&1 </dev/null ||
            { cat "$dir/log/initdb.log" >&2; fail "initdb failed"; }
        [ "$target" = "$dir/pg" ] || mv -T "$target" "$dir/pg" || fail "cannot put the new cluster into $dir/pg"
    fi
    cluster_place_socket "$dir" "$kind"
    cluster_hash_key "$dir"
    cluster_settings "$dir" "$kind"
    cluster_access "$dir" "$kind"
    extension_build "$dir/lib"
}

# The key of core.key_hash (R20, R149): made once, beside the database and in no dump of it. Who loses it cannot recognise erased
# people any more; who steals it with the rows can.
cluster_hash_key() {
    local file=$1/hash.conf
    [ -s "$file" ] || printf "clientele.hash_key = '%s'\n" "$(openssl rand -hex 32)" | file_put "$file" 0600 "$DATABASE_USER:$DATABASE_USER" ||
        fail "cannot make $file"
}

# A unix socket path may have 107 bytes; when DIR is too long the socket moves to a short folder of its own.
cluster_place_socket() {
    local dir=$1 kind=$2 socket=$1/run mode=0750 path_bytes base
    [ "$kind" = throwaway ] && mode=0755
    path_bytes=$(printf '%s' "$socket/.s.PGSQL.5432" | LC_ALL=C wc -c)
    if [ "$path_bytes" -gt 100 ]; then
        base=/tmp
        if is_root && [ -d /run ] && [ -w /run ]; then base=/run; fi
        socket=$base/clientele-$(printf '%s' "$dir" | sha256sum | cut -c1-8)
    fi
    folder "$socket" "$mode" "$DATABASE_USER:$SERVER_USER"
    printf '%s\n' "$socket" | file_put "$dir/socket" 0644 || exit 1
}

# cluster_memory_mb: memory that PostgreSQL may count on, respecting a control group's limit.
cluster_memory_mb() {
    local total limit=
    total=$(awk '/^MemTotal:/ { print int($2 / 1024) }' /proc/meminfo)
    [ -r /sys/fs/cgroup/memory.max ] && limit=$(cat /sys/fs/cgroup/memory.max)
    if [[ "$limit" =~ ^[0-9]+$ ]] && [ "$((limit / 1048576))" -lt "$total" ]; then total=$((limit / 1048576)); fi
    echo "$total"
}

cluster_settings() {
    local dir=$1 kind=$2 memory shared wal
    memory=$(cluster_memory_mb)
    shared=$((memory / 4))
    [ "$shared" -gt 8192 ] && shared=8192
    [ "$kind" = throwaway ] && [ "$shared" -gt 256 ] && shared=256
    [ "$shared" -lt 64 ] && shared=64
    # the log between two checkpoints: each page's first change after one is written whole, so a long run of the clock with a small
    # log writes every page again and again. A tenth of what the disk has left, 2 to 16 GB
    wal=$(df -Pm "$dir" | awk 'NR == 2 { print int($4 / 10) }')
    [ "$wal" -gt 16384 ] && wal=16384
    { [ "$wal" -lt 2048 ] || [ "$kind" = throwaway ]; } && wal=2048
    {
        echo "# Written by deploy/lib/cluster.sh at every start of deploy/up; changes belong into local.conf beside it."
        echo "listen_addresses = ''"
        echo "port = 5432"
        echo "unix_socket_directories = '$(cat "$dir/socket")'"
        echo "unix_socket_permissions = 0777"            # the folder and pg_ident.conf are the fence
        echo "max_connections = 120"
        echo "superuser_reserved_connections = 5"
        echo "shared_buffers = ${shared}MB"
        echo "effective_cache_size = $((memory / 2))MB"
        echo "work_mem = 16MB"
        echo "maintenance_work_mem = $((memory > 4096 ? 256 : 64))MB"
        echo "max_wal_size = ${wal}MB"
        echo "checkpoint_timeout = 15min"
        echo "checkpoint_completion_target = 0.9"
        echo "wal_compression = lz4"
        echo "random_page_cost = 1.1"
        echo "effective_io_concurrency = 64"
        echo "jit = off"
        echo "max_worker_processes = 4"
        echo "max_parallel_workers = 2"
        echo "max_parallel_workers_per_gather = 1"
        echo "autovacuum_vacuum_scale_factor = 0.05"
        # a worker that analyzes takes a core for a second or two, whatever its cost limits: with three of them, at a fiftieth of a
        # table, registrations of 5 ms waited 130 beside them on two cores
        echo "autovacuum_analyze_scale_factor = 0.1"
        echo "autovacuum_max_workers = $(($(nproc) > 5 ? 3 : ($(nproc) + 1) / 2))"
        echo "default_toast_compression = lz4"
        echo "timezone = 'UTC'"
        echo "lc_messages = 'C'"
        echo "row_security = on"
        echo "dynamic_library_path = '$dir/lib:\$libdir'"
        echo "session_preload_libraries = 'clientele'"
        [ "$kind" = throwaway ] || echo "shared_preload_libraries = 'pg_prewarm'"    # after a restart what was in memory is read again
        echo "# no statement, parameter or row content in the log: they hold personal data"
        echo "logging_collector = on"
        echo "log_directory = '$dir/log/db'"
        echo "log_filename = 'postgresql-%a.log'"
        echo "log_truncate_on_rotation = on"
        echo "log_rotation_age = 1d"
        echo "log_rotation_size = 0"
        echo "log_file_mode = 0600"
        echo "log_line_prefix = '%m [%p] %q%u '"
        echo "log_timezone = 'UTC'"
        echo "log_statement = none"
        echo "log_min_error_statement = panic"
        echo "log_min_duration_statement = -1"
        echo "log_parameter_max_length = 0"
        echo "log_parameter_max_length_on_error = 0"
        echo "log_error_verbosity = terse"
        echo "log_lock_waits = off"
        if [ "$kind" = throwaway ]; then
            echo "fsync = off"
            echo "full_page_writes = off"
            echo "synchronous_commit = on"
        fi
        echo "include = '$dir/hash.conf'"
        echo "include_if_exists = 'local.conf'"
    } | as_user "$DATABASE_USER" tee "$dir/pg/clientele.conf" >/dev/null
    as_user "$DATABASE_USER" grep -q "^include = 'clientele.conf'" "$dir/pg/postgresql.conf" ||
        as_user "$DATABASE_USER" sh -c "echo \"include = 'clientele.conf'\" >> '$dir/pg/postgresql.conf'"
}

# Who may connect as whom. The server's user reaches the five logins and nothing more; the database's user is superuser.
cluster_access() {
    local dir=$1 kind=$2 login me
    me=$(id -un)
    {
        echo "# type  database   user   method"
        echo "local   all        \"$DATABASE_USER\"   peer map=clientele"
        echo "local   all        login,dealer,head_office,auditor,system   peer map=clientele"
        echo "local   all        all   reject"
    } | as_user "$DATABASE_USER" tee "$dir/pg/pg_hba.conf" >/dev/null
    {
        echo "# map       system user       database user"
        echo "clientele   $DATABASE_USER   $DATABASE_USER"
        for login in $CLUSTER_LOGINS; do echo "clientele   $SERVER_USER   $login"; done
        if [ "$kind" = throwaway ] || ! is_root; then
            echo "clientele   $me   $DATABASE_USER"
            for login in $CLUSTER_LOGINS; do echo "clientele   $me   $login"; done
        fi
    } | as_user "$DATABASE_USER" tee "$dir/pg/pg_ident.conf" >/dev/null
}

# cluster_start DIR: starts when it does not run, waits until it answers (at most 60 s). Its own session, no stdin.
cluster_start() {
    local dir=$1
    if cluster_is_running "$dir"; then       # settings that are new since it started
        as_user "$DATABASE_USER" "$PG_BIN/pg_ctl" reload -D "$dir/pg" -s </dev/null
        return 0
    fi
    as_user "$DATABASE_USER" setsid "$PG_BIN/pg_ctl" start -D "$dir/pg" -w -t 60 -s -l "$dir/log/db/start.log" </dev/null ||
        { as_user "$DATABASE_USER" tail -n 20 "$dir/log/db/start.log" >&2; fail "PostgreSQL did not start in $dir"; }
}

# cluster_stop DIR: ends it cleanly, closing connections (fast shutdown).
cluster_stop() {
    cluster_is_running "$1" || return 0
    as_user "$DATABASE_USER" "$PG_BIN/pg_ctl" stop -D "$1/pg" -w -t 120 -m fast -s </dev/null
}

# cluster_remove DIR: stops it and deletes its files. Only a folder that holds a cluster is deleted.
cluster_remove() {
    local dir=$1 socket
    [ -f "$dir/socket" ] && [ -d "$dir/pg" ] || return 0
    socket=$(cluster_socket "$dir")
    cluster_stop "$dir"
    rm -rf "${dir:?}/pg" "$dir/lib" "$dir/log/db" "$dir/log/initdb.log" "$dir/socket" "$socket"
    rmdir "$dir/log" "$dir" 2>/dev/null || true
}

# cluster_psql DIR [psql options]: psql on the database clientele (CLUSTER_DATABASE) as superuser, or as CLUSTER_ROLE
# when the caller's own user may (throw-away cluster). No .psqlrc, stops at the first error, notices hidden.
cluster_psql() {
    local dir=$1 role=${CLUSTER_ROLE:-$DATABASE_USER} user=$DATABASE_USER socket
    shift
    socket=$(cluster_socket "$dir")
    [ "$role" = "$DATABASE_USER" ] || user=$(id -un)
    as_user "$user" env PGOPTIONS="${PGOPTIONS:--c client_min_messages=warning}" PGCLIENTENCODING=UTF8 PSQLRC=/dev/null \
        psql -X -q -v ON_ERROR_STOP=1 -h "$socket" -p 5432 -U "$role" -d "${CLUSTER_DATABASE:-clientele}" "$@"
}

# readable_root DIR: the checkout, or, when the database's user may not enter it (below /root, a private home) or psql could not
# name it, a copy of the parts that migration, demo data and SQL tests need.
readable_root() {
    local dir=$1 part
    if path_is_plain "$CLIENTELE_ROOT" &&
        as_user "$DATABASE_USER" test -r "$CLIENTELE_ROOT/server/routes.def" -a -x "$CLIENTELE_ROOT/schema"; then
        printf '%s\n' "$CLIENTELE_ROOT"
        return 0
    fi
    rm -rf "$dir/source.new"
    mkdir -p "$dir/source.new/server" "$dir/source.new/tests" || return 1
    for part in schema roles deploy tests/sql; do cp -R "$CLIENTELE_ROOT/$part" "$dir/source.new/$part" || return 1; done
    cp "$CLIENTELE_ROOT"/server/*.def "$dir/source.new/server/" || return 1
    chmod -R u+rwX,go+rX,go-w "$dir/source.new"
    rm -rf "$dir/source"
    mv "$dir/source.new" "$dir/source" || return 1
    printf '%s\n' "$dir/source"
}

# cluster_migrate DIR: makes the database when missing and brings schema, roles and grants up to the checkout.
cluster_migrate() {
    local dir=$1 socket root database=${CLUSTER_DATABASE:-clientele}
    socket=$(cluster_socket "$dir")
    root=$(readable_root "$dir") || fail "cannot copy the checkout's SQL into $dir (is the disk full?)"
    if [ "$(CLUSTER_DATABASE=postgres cluster_psql "$dir" -Atc "select 1 from pg_database where datname = '$database'")" != 1 ]; then
        CLUSTER_DATABASE=postgres cluster_psql "$dir" -c "create database \"$database\" template template0 encoding 'UTF8' locale 'C.UTF-8'" ||
            fail "cannot make the database $database"
    fi
    as_user "$DATABASE_USER" env PGHOST="$socket" PGPORT=5432 PGUSER="$DATABASE_USER" PGDATABASE="$database" PGCLIENTENCODING=UTF8 \
        bash "$root/deploy/migrate" </dev/null
}
