# SPDX-License-Identifier: Apache-2.0
# shellcheck shell=bash
# Starting and stopping what runs beside PostgreSQL: the server and the demo mail gateway. Each in a session of its own,
# without stdin, as an unprivileged user, known by DATA/pid/NAME.pid.

. "$(dirname "${BASH_SOURCE[0]}")/common.sh"
MAIL_USER=clientele-mail

# process_pid DATA NAME: prints the pid when that process lives and is ours (its command line names DATA), else nothing.
process_pid() {
    local pid
    pid=$(cat "$1/pid/$2.pid" 2>/dev/null) || return 0
    [[ "$pid" =~ ^[0-9]+$ ]] || return 0
    if { tr '\0' '\n' <"/proc/$pid/cmdline" | grep -qF -- "$1/"; } 2>/dev/null; then echo "$pid"; fi
}

# process_start DATA NAME USER LOG COMMAND...: detached; the pid file is written by the caller's user, before rights are dropped.
process_start() {
    local data=$1 name=$2 user=$3 log=$4
    shift 4
    folder "$data/pid" 0755
    rm -f "$data/pid/$name.pid" # of one that was killed: server_wait would take it for this one
    export CLIENTELE_PID_FILE=$data/pid/$name.pid
    if is_root; then
        # shellcheck disable=SC2016
        setsid bash -c 'umask 027; ulimit -n 65536 2>/dev/null; echo $$ >"$CLIENTELE_PID_FILE"; user=$1; shift; exec setpriv --reuid="$user" --regid="$(id -g "$user")" --init-groups --inh-caps=-all --bounding-set=-all --no-new-privs -- env -u CLIENTELE_PID_FILE HOME=/nonexistent USER="$user" LOGNAME="$user" "$@"' \
            start "$user" "$@" </dev/null >>"$log" 2>&1 &
    else
        # shellcheck disable=SC2016
        setsid bash -c 'umask 027; ulimit -n 65536 2>/dev/null; echo $$ >"$CLIENTELE_PID_FILE"; exec "$@"' start "$@" </dev/null >>"$log" 2>&1 &
    fi
    unset CLIENTELE_PID_FILE
    disown
}

# process_stop DATA NAME SECONDS: SIGTERM, waits, and after SECONDS SIGKILL.
process_stop() {
    local data=$1 name=$2 seconds=$3 pid i
    pid=$(process_pid "$data" "$name")
    if [ -n "$pid" ]; then
        kill -TERM "$pid" 2>/dev/null
        for ((i = 0; i < seconds * 10; i++)); do
            [ -n "$(process_pid "$data" "$name")" ] || break
            sleep 0.1
        done
        if [ -n "$(process_pid "$data" "$name")" ]; then
            say "$name did not end within $seconds s: ending it the hard way"
            kill -KILL "$pid" 2>/dev/null
            sleep 0.2
        fi
    fi
    rm -f "$data/pid/$name.pid"
}

# server_settings DATA: writes DATA/server.conf from the ports remembered.
server_settings() {
    local data=$1
    {
        echo "# Written by deploy/up. clientele-server --help tells every setting."
        echo "listen_port = $(port_of "$data" port 8443)"
        echo "dealer_port = $(port_of "$data" dealer_port 8444)"
        echo "metrics_port = $(port_of "$data" metrics_port 9443)"
        echo "public_url = https://localhost:$(port_of "$data" port 8443)"
        echo "tls_certificate = $data/tls/server.pem"
        echo "tls_key = $data/tls/server.key"
        echo "dealer_ca = $data/tls/dealer-ca.pem"
        echo "enrol_ca_key = $data/tls/dealer-ca.key"
        echo "database = host=$(cluster_socket "$data") port=5432 dbname=clientele"
        echo "files_dir = $data/files"
        echo "assets_dir = $data/web"
        echo "journal_dir = $data/journal"
        echo "mail_host = 127.0.0.1"
        echo "mail_port = $(port_of "$data" mail_port 8025)"
        echo "demo_mail_dir = $data/mail"
        echo "csrf_key = $data/secrets/csrf.key"
        echo "totp_key = $data/secrets/totp.key"
        echo "link_key = $data/secrets/link.key"
        echo "token_key = $data/secrets/token.pem"
        echo "sign_key = $data/secrets/sign.pem"
        if [ -f "$data/local.conf" ]; then echo "# from local.conf"; cat "$data/local.conf"; fi
    } | file_put "$data/server.conf" 0644 || exit 1
}

server_pid() { process_pid "$1" server; }

# server_start DATA: starts it when it does not run; does not wait.
server_start() {
    local data=$1 log=$1/log/server.log
    [ -z "$(server_pid "$data")" ] || return 0
    # a log of more than 64 MB makes room; the one before is kept
    if [ "$(stat -c %s "$log" 2>/dev/null || echo 0)" -gt 67108864 ]; then mv -f "$log" "$log.1"; fi
    process_start "$data" server "$SERVER_USER" "$log" "$(cat "$data/server.path")" --config "$data/server.conf"
}

# server_stop DATA: drains and ends it.
server_stop() { process_stop "$1" server "${2:-25}"; }

# server_asks DATA PATH: the status line of GET PATH on the browsers' port.
server_asks() {
    local data=$1 port
    port=$(sed -n 's/^listen_port = //p' "$data/server.conf")
    printf 'GET %s HTTP/1.1\r\nHost: localhost:%s\r\nConnection: close\r\n\r\n' "$2" "$port" |
        timeout 3 openssl s_client -quiet -verify_quiet -verify_return_error -CAfile "$data/ca.pem" -verify_hostname localhost -connect "127.0.0.1:$port" 2>/dev/null |
        head -n 1 | tr -d '\r'
}

# server_wait DATA [SECONDS]: until /readyz says so. out: 1 when it ended or did not become ready in time
server_wait() {
    local data=$1 seconds=${2:-30} i answer
    for ((i = 0; i < seconds * 5; i++)); do
        answer=$(server_asks "$data" /readyz)
        case $answer in *' 200'*) return 0 ;; esac
        # on a busy machine it may not have written its number yet
        if [ -s "$data/pid/server.pid" ] && [ -z "$(server_pid "$data")" ]; then return 1; fi
        sleep 0.2
    done
    return 1
}

# mail_start DATA: the demo gateway, smtp-sink: every message becomes one file in DATA/mail.
mail_start() {
    local data=$1 sink port
    [ -z "$(process_pid "$data" mail)" ] || return 0
    sink=$(sink_find "$data") || fail "no smtp-sink: apt-get download postfix failed, see $data/log/packages.log"
    port=$(port_of "$data" mail_port 8025)
    if is_root; then user_make "$MAIL_USER"; fi
    folder "$data/mail" 2750 "$MAIL_USER:$SERVER_USER"
    process_start "$data" mail "$MAIL_USER" "$data/log/mail.log" \
        env LD_LIBRARY_PATH="$data/lib/postfix/usr/lib/postfix" "$sink" -4 -h gateway.example -m 64 -d "$data/mail/%Y%m%d-%H%M%S." "127.0.0.1:$port" 256
}

mail_stop() { process_stop "$1" mail 3; }
