# SPDX-License-Identifier: Apache-2.0
# shellcheck shell=bash
# Words every script of deploy/ uses: messages, elapsed time, running as another user, files that only change when their
# content does. Source it; it sets no option of the shell and starts nothing.

CLIENTELE_ROOT=$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)
PG_BIN=${PG_BIN:-/usr/lib/postgresql/15/bin}
SERVER_USER=clientele
DATABASE_USER=clientele-db
STARTED_S=$SECONDS

# say TEXT: one progress line with the seconds since the script began.
say() { printf '[%3ds] %s\n' "$((SECONDS - STARTED_S))" "$*"; }

# fail TEXT: says why and what next on stderr, ends the script with 1.
fail() { printf 'error: %s\n' "$*" >&2; exit 1; }

is_root() { [ "$(id -u)" = 0 ]; }

# with_progress TEXT COMMAND...: runs a long step with its output in LOG_FILE (or /dev/null), and says every 15 s that it
# is still alive. out: the command's status; on failure the last lines of its output are shown.
with_progress() {
    local text=$1 log=${LOG_FILE:-/dev/null} begun=$SECONDS status=0 ticker
    shift
    say "$text"
    # without the lock of deploy/up: its last sleep outlives it
    ( exec 9>&-; while sleep 15; do say "  ... $text: $((SECONDS - begun)) s so far"; done ) &
    ticker=$!
    "$@" >>"$log" 2>&1 </dev/null || status=$?
    kill "$ticker" 2>/dev/null
    wait "$ticker" 2>/dev/null || : # ended by the signal: no failure of the step
    if [ "$status" -ne 0 ]; then
        printf '%s\n' "--- last lines of $log" >&2
        tail -n 25 "$log" >&2
        fail "$text: failed with status $status"
    fi
    return 0
}

# user_make NAME: an unprivileged system user without home or shell, made once. Needs root.
user_make() {
    id -u "$1" >/dev/null 2>&1 && return 0
    useradd --system --user-group --no-create-home --home-dir /nonexistent --shell /usr/sbin/nologin "$1" ||
        fail "cannot make the system user $1"
}

# as_user NAME COMMAND...: runs COMMAND as NAME without any capability or way back. When the caller is not root it runs
# as the caller: a developer's throw-away cluster belongs to the developer.
as_user() {
    local name=$1
    shift
    if is_root && [ "$name" != root ]; then
        setpriv --reuid="$name" --regid="$(id -g "$name")" --init-groups --inh-caps=-all --no-new-privs -- \
            env HOME=/nonexistent USER="$name" LOGNAME="$name" "$@"
    else
        "$@"
    fi
}

# folder PATH MODE [OWNER[:GROUP]]: makes PATH when missing and sets mode and owner (owner only as root).
folder() {
    mkdir -p "$1" || fail "cannot make the folder $1"
    chmod "$2" "$1"
    if is_root && [ -n "${3:-}" ]; then chown "$3" "$1"; fi
}

# file_put PATH MODE [OWNER[:GROUP]]: writes stdin to PATH in one step. out: 0 when the content changed, 1 when it was the same.
file_put() {
    local path=$1 changed=0 draft
    draft=$(mktemp "$path.XXXXXX") || fail "cannot write $path"
    cat >"$draft"
    if [ -f "$path" ] && cmp -s "$draft" "$path"; then changed=1; fi
    chmod "$2" "$draft"
    if is_root && [ -n "${3:-}" ]; then chown "$3" "$draft"; fi
    mv -f "$draft" "$path"
    return $changed
}

# hash_of PATH...: one SHA-256 over the contents and names of all files below the given paths.
hash_of() {
    find "$@" -type f -print0 2>/dev/null | LC_ALL=C sort -z | xargs -0 -r sha256sum | sha256sum | cut -c1-64
}
