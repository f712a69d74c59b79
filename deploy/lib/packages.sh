# SPDX-License-Identifier: Apache-2.0
# shellcheck shell=bash
# Debian packages: installed only when missing, without starting a service, without making Debian's own cluster.

PACKAGES_BUILD="gcc libc6-dev make cmake pkg-config libevent-dev libssl-dev libnghttp2-dev libpq-dev libjansson-dev libjwt-dev
    libargon2-dev libzstd-dev libbrotli-dev zlib1g-dev libexpat1-dev libidn2-dev libcurl4-openssl-dev libicu-dev postgresql-server-dev-15"
PACKAGES_RUN="postgresql-15 postgresql-client-15 openssl ca-certificates procps util-linux libnsl2"
NODE_LEAST=18.13

package_is_there() { [ "$(dpkg-query -W -f='${db:Status-Abbrev}' "$1" 2>/dev/null | cut -c1-2)" = ii ]; }

# node_is_fit: a Node.js new enough that the unprivileged user can run, with npm.
node_is_fit() {
    local version
    version=$(as_user "$SERVER_USER" node --version 2>/dev/null) || return 1
    as_user "$SERVER_USER" npm --version >/dev/null 2>&1 || return 1
    [ "$(printf '%s\n%s\n' "$NODE_LEAST" "${version#v}" | sort -V | head -n 1)" = "$NODE_LEAST" ]
}

# node_of_debian: when an unfit node stands before Debian's in the path, Debian's is taken from here on.
node_of_debian() {
    local before=$PATH
    PATH=/usr/bin:$PATH
    node_is_fit && return 0
    PATH=$before
    return 1
}

# packages_missing: the names that are not installed, on one line.
packages_missing() {
    local name missing=()
    for name in $PACKAGES_RUN $PACKAGES_BUILD; do package_is_there "$name" || missing+=("$name"); done
    node_is_fit || missing+=(nodejs npm)
    echo "${missing[*]}"
}

POLICY=/usr/sbin/policy-rc.d
POLICY_MARK='# written by Clientele while it installs packages'
policy_is_ours=''

# packages_quietly COMMAND...: runs COMMAND while Debian's maintainer scripts may start nothing. An existing policy of the
# machine is put back afterwards; a caller that may be interrupted calls policy_restore at its end.
packages_quietly() {
    local status=0
    policy_is_ours=yes
    policy_restore    # what an earlier run left that was killed
    if [ -e "$POLICY" ]; then mv "$POLICY" "$POLICY.clientele"; fi
    printf '#!/bin/sh\n%s\nexit 101\n' "$POLICY_MARK" >"$POLICY"
    chmod 0755 "$POLICY"
    ( "$@" ) || status=$?
    policy_restore
    policy_is_ours=''
    return "$status"
}

policy_restore() {
    [ -n "$policy_is_ours" ] || return 0
    if grep -qsxF "$POLICY_MARK" "$POLICY"; then rm -f "$POLICY"; fi
    if [ -e "$POLICY.clientele" ]; then mv "$POLICY.clientele" "$POLICY"; fi
}

packages_get() {
    export DEBIAN_FRONTEND=noninteractive
    # the machine must not get a cluster of Debian's making; an existing one is not touched
    if [ ! -e /etc/postgresql-common/createcluster.conf ]; then
        mkdir -p /etc/postgresql-common
        printf '# written by Clientele: its own private cluster is enough\ncreate_main_cluster = false\n' >/etc/postgresql-common/createcluster.conf
    fi
    # an archive of the machine's own that fails is no reason to stop: the installation shows what is really missing
    apt-get -o DPkg::Lock::Timeout=120 update || true
    apt-get -o DPkg::Lock::Timeout=120 -o Dpkg::Options::=--force-confold -o Dpkg::Options::=--force-confdef \
        install -y --no-install-recommends "$@" ||
        fail "apt-get failed: is Debian's archive reachable (/etc/apt/sources.list)? Then run deploy/up again"
}

# packages_install: what is missing, with progress; nothing when nothing is.
packages_install() {
    local missing
    if grep -qsxF "$POLICY_MARK" "$POLICY"; then policy_is_ours=yes; policy_restore; policy_is_ours=''; fi    # left by a run that was killed
    node_is_fit || node_of_debian || true
    missing=$(packages_missing)
    [ -n "$missing" ] || return 0
    policy_is_ours=yes    # the caller's end calls policy_restore
    # shellcheck disable=SC2086
    with_progress "installing $(echo "$missing" | wc -w) Debian packages" packages_quietly packages_get $missing
    policy_is_ours=''
    node_is_fit || node_of_debian ||
        fail "Node.js $NODE_LEAST or newer with npm is needed, also by user $SERVER_USER; $(command -v node) is $(node --version): remove it and run deploy/up again"
}

# sink_find DATA: prints the path of smtp-sink. When Debian's postfix is not installed its package is only unpacked into
# DATA/lib/postfix: a mail server of the machine, whichever it has, stays as it is.
sink_find() {
    local data=$1 temp
    if [ -x /usr/sbin/smtp-sink ]; then echo /usr/sbin/smtp-sink; return 0; fi
    if [ ! -x "$data/lib/postfix/usr/sbin/smtp-sink" ]; then
        temp=$(mktemp -d)
        ( cd "$temp" && { apt-get -q download postfix || { apt-get -q update && apt-get -q download postfix; }; } &&
          mkdir out && dpkg-deb -x postfix_*.deb out ) >>"$data/log/packages.log" 2>&1 || { rm -rf "$temp"; return 1; }
        rm -rf "$data/lib/postfix"
        mkdir -p "$data/lib/postfix/usr/sbin" "$data/lib/postfix/usr/lib"
        cp -R "$temp/out/usr/lib/postfix" "$data/lib/postfix/usr/lib/"
        cp "$temp/out/usr/sbin/smtp-sink" "$data/lib/postfix/usr/sbin/"
        rm -rf "$temp"
    fi
    echo "$data/lib/postfix/usr/sbin/smtp-sink"
}
