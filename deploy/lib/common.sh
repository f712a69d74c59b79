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

# root by plain su has a user's path
case :$PATH: in *:/usr/sbin:*) ;; *) PATH=$PATH:/usr/sbin:/sbin ;; esac

# with_progress TEXT COMMAND...: runs a long step with its output in LOG_FILE (or /dev/null), and says every 15 s that it
# is still alive. out: the command's status; on failure the last lines of its output are shown.
with_progress() {
    local text=$1 log=${LOG_FILE:-/dev/null} begun=$SECONDS status=0 ticker
    shift
    say "$text"
    # without the lock of deploy/up; its sleep ends with it, or a pipe behind deploy/up would stay open
    ( exec 9>&-
      trap 'kill $! 2>/dev/null; exit 0' TERM
      while sleep 15 & wait $!; do
          kill -0 $$ 2>/dev/null || exit 0
          say "  ... $text: $((SECONDS - begun)) s so far"
      done ) &
    ticker=$!
    ( "$@" ) >>"$log" 2>&1 </dev/null || status=$?    # a step that fails ends itself only
    kill "$ticker" 2>/dev/null
    wait "$ticker" 2>/dev/null || : # ended by the signal: no failure of the step
    if [ "$status" -ne 0 ]; then
        printf '%s\n' "--- last lines of $log" >&2
        tail -n 25 "$log" >&2
        fail "$text: $(reason "$log" "failed with status $status")"
    fi
    return 0
}

# reason LOG TEXT: what a step said itself at the end of its log, else TEXT.
reason() {
    local why
    why=$(tail -n 25 "$1" | sed -n 's/^error: //p' | tail -n 1)
    printf '%s\n' "${why:-$2}"
}

# user_make NAME: an unprivileged system user without home or shell, made once. Needs root.
user_make() {
    id -u "$1" >/dev/null 2>&1 && return 0
    useradd --system --user-group --no-create-home --home-dir /nonexistent --shell /usr/sbin/nologin "$1" ||
        fail "cannot make the system user $1"
}

# as_user NAME COMMAND...: runs COMMAND as NAME without any capability or way back, in / when NAME may not enter the current
# folder. When the caller is not root it runs as the caller: a developer's throw-away cluster belongs to the developer.
as_user() {
    local name=$1
    shift
    if is_root && [ "$name" != root ]; then
        setpriv --reuid="$name" --regid="$(id -g "$name")" --init-groups --inh-caps=-all --no-new-privs -- \
            sh -c 'cd "$PWD" 2>/dev/null || cd /; exec env "$@"' as_user HOME=/nonexistent USER="$name" LOGNAME="$name" "$@"
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

# file_put PATH MODE [OWNER[:GROUP]]: writes stdin to PATH in one step. out: 1, and PATH as it was, when that is not possible.
file_put() {
    local path=$1 draft
    draft=$(mktemp "$path.XXXXXX") &&
        cat >"$draft" && chmod "$2" "$draft" && if is_root && [ -n "${3:-}" ]; then chown "$3" "$draft"; fi && mv -f "$draft" "$path" &&
        return 0
    rm -f "${draft:-}"
    printf 'error: cannot write %s (is the disk full?)\n' "$path" >&2
    return 1
}

# hash_of PATH...: one SHA-256 over the contents and names of all files below the given paths.
hash_of() {
    find "$@" -type f -print0 2>/dev/null | LC_ALL=C sort -z | xargs -0 -r sha256sum | sha256sum | cut -c1-64
}

# path_is_plain PATH: true when settings, SQL scripts and connection strings can name it without quoting.
path_is_plain() { ! LC_ALL=C grep -q "[^[:alnum:]/._@+~-]" <<<"$(LC_ALL=C tr -d '\200-\377' <<<"$1")"; }
