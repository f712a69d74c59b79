# SPDX-License-Identifier: Apache-2.0
# shellcheck shell=bash
# Where the data folder lies, and which ports are free.

# place_data WISH: prints the data folder, made. When the unprivileged users may not enter WISH (below /root, a private
# home), the data goes to /var/lib/clientele-HASH and WISH becomes a link to it, once.
place_data() {
    local wish=$1 other
    if [ -L "$wish" ]; then wish=$(readlink -f "$wish") || fail "the link $1 leads nowhere"; fi
    mkdir -p "$wish" || fail "cannot make $wish"
    wish=$(cd "$wish" && pwd -P)
    if as_user "$SERVER_USER" test -x "$wish" && as_user "$DATABASE_USER" test -x "$wish"; then
        printf '%s\n' "$wish"
        return 0
    fi
    other=/var/lib/clientele-$(printf '%s' "$wish" | sha256sum | cut -c1-8)
    rmdir "$wish" 2>/dev/null || fail "users $SERVER_USER and $DATABASE_USER may not enter $wish, and it is not empty: give --data another folder"
    folder "$other" 0755
    ln -s "$other" "$wish" || fail "cannot link $wish to $other"
    say "note: $wish is closed to the unprivileged users; the data lies in $other (linked)" >&2
    printf '%s\n' "$other"
}

# port_is_taken PORT: true when something listens on it, on any address. Reads the kernel's table, needs no tool.
port_is_taken() {
    local hex
    hex=$(printf '%04X' "$1")
    awk -v p="$hex" '$4 == "0A" { n = split($2, a, ":"); if (a[n] == p) found = 1 } END { exit !found }' /proc/net/tcp /proc/net/tcp6 2>/dev/null
}

# ports_remember DATA PORT DEALER METRICS MAIL: what the next deploy/up without options uses again.
ports_remember() {
    printf 'port=%s\ndealer_port=%s\nmetrics_port=%s\nmail_port=%s\n' "$2" "$3" "$4" "$5" | file_put "$1/ports" 0644
    return 0
}

# port_of DATA NAME DEFAULT: the remembered value of one port.
port_of() {
    local value
    value=$(sed -n "s/^$2=\([0-9]*\)$/\1/p" "$1/ports" 2>/dev/null)
    printf '%s\n' "${value:-$3}"
}
