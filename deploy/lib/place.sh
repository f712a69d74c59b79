# SPDX-License-Identifier: Apache-2.0
# shellcheck shell=bash
# Where the data folder lies, and which ports are free.

# place_data WISH: prints the data folder, made. When the unprivileged users may not enter WISH (below /root, a private
# home), or its path holds what settings cannot name (a space), the data goes to /var/lib/clientele-HASH and WISH becomes a
# link to it, once.
place_data() {
    local wish=$1 other why='is closed to the unprivileged users'
    if [ -L "$wish" ]; then wish=$(readlink -f "$wish") || fail "the link $1 leads nowhere: remove it or give --data another folder"; fi
    mkdir -p "$wish" 2>/dev/null || fail "cannot make the data folder $wish: give --data a folder on a disk that may be written"
    wish=$(cd "$wish" && pwd -P)
    if ! path_is_plain "$wish"; then why='has a path that settings cannot name'
    elif as_user "$SERVER_USER" test -x "$wish" && as_user "$DATABASE_USER" test -x "$wish"; then
        place_check "$wish"
        printf '%s\n' "$wish"
        return 0
    fi
    other=/var/lib/clientele-$(printf '%s' "$wish" | sha256sum | cut -c1-8)
    rmdir "$wish" 2>/dev/null || fail "$wish $why, and it is not empty: give --data another folder"
    folder "$other" 0755
    ln -s "$other" "$wish" || fail "cannot link $wish to $other"
    say "note: $wish $why; the data lies in $other (linked)" >&2
    place_check "$other"
    printf '%s\n' "$other"
}

# place_check DIR: a data folder may be written, and programs may run from it.
place_check() {
    local probe
    probe=$(mktemp "$1/.probe.XXXXXX" 2>/dev/null) || fail "cannot write into $1 (read-only or full): give --data a folder on another disk"
    printf '#!/bin/sh\n' >"$probe" && chmod 0700 "$probe"
    if ! "$probe" 2>/dev/null; then
        rm -f "$probe"
        fail "programs may not run from $1 (mounted noexec, or full): give --data a folder on another disk"
    fi
    rm -f "$probe"
}

# place_room DIR MB WHAT: DIR has that many megabytes free, which WHAT needs.
place_room() {
    local free_mb
    free_mb=$(($(df -Pk "$1" | awk 'END { print $(NF - 2) }') / 1024))
    [ "$free_mb" -ge "$2" ] || fail "$free_mb MB are free in $1, $3 needs $2: make room or give --data a folder on another disk"
}

# port_is_privileged PORT: true when only root could listen on it; nothing of ours runs as root.
port_is_privileged() { [ "$1" -lt "$(cat /proc/sys/net/ipv4/ip_unprivileged_port_start 2>/dev/null || echo 1024)" ]; }

# port_is_taken PORT: true when something listens on it, on any address. Reads the kernel's table, needs no tool.
port_is_taken() {
    local hex
    hex=$(printf '%04X' "$1")
    awk -v p="$hex" '$4 == "0A" { n = split($2, a, ":"); if (a[n] == p) found = 1 } END { exit !found }' /proc/net/tcp /proc/net/tcp6 2>/dev/null
}

# ports_remember DATA PORT DEALER METRICS MAIL: what the next deploy/up without options uses again.
ports_remember() {
    printf 'port=%s\ndealer_port=%s\nmetrics_port=%s\nmail_port=%s\n' "$2" "$3" "$4" "$5" | file_put "$1/ports" 0644 || exit 1
}

# port_of DATA NAME DEFAULT: the remembered value of one port.
port_of() {
    local value
    value=$(sed -n "s/^$2=\([0-9]*\)$/\1/p" "$1/ports" 2>/dev/null)
    printf '%s\n' "${value:-$3}"
}
