# SPDX-License-Identifier: Apache-2.0
# shellcheck shell=bash
# The logins of a new network: passwords and second factors are drawn here, once, and only their Argon2id hashes and
# ciphertexts reach the database. DATA/accounts.json keeps the clear text for the person who ran deploy/up (0600).

TOTP_ROLES="admin marketer router arbiter steward dpo auditor manager"

# accounts_password: 80 bits without letters that look alike, in groups: k7wm-4tqx-9hde-2rnv
accounts_password() {
    LC_ALL=C tr -dc 'abcdefghjkmnpqrstuvwxyz23456789' </dev/urandom 2>/dev/null | head -c 16 | sed 's/\(....\)\(....\)\(....\)\(....\)/\1-\2-\3-\4/'
    echo
}

# accounts_admin DATA: an empty installation gets its administrator.
accounts_admin() {
    cluster_psql "$1" <<'SQL'
with s as (insert into core.staff (dealer_id, role, name, email) select 0, 'admin', 'Администратор', 'admin@network.example'
           where not exists (select from core.staff) returning staff_id)
insert into session.account (staff_id, login) select staff_id, 'admin' from s;
SQL
}

# accounts_fill DATA: gives every account a password, and head office, auditor and managers a second factor, when nobody
# has a password yet. Writes DATA/accounts.json.
accounts_fill() {
    local data=$1 binary temp socket id login role dealer
    binary=$(cat "$data/server.path")
    [ "$(cluster_psql "$data" -Atc 'select count(*) from session.account where password_phc is not null')" = 0 ] || return 0
    temp=$(mktemp -d)
    chmod 0700 "$temp"
    cluster_psql "$data" -At -F $'\t' -c "select a.account_id, a.login, s.role, d.name from session.account a join core.staff s using (staff_id)
        join core.dealer d using (dealer_id) order by a.account_id" >"$temp/list"
    while IFS=$'\t' read -r id login role dealer; do accounts_password; done <"$temp/list" >"$temp/passwords"
    while IFS=$'\t' read -r id login role dealer; do
        case " $TOTP_ROLES " in *" $role "*) openssl rand 20 | base32 -w 0; echo ;; *) echo ;; esac
    done <"$temp/list" >"$temp/totp"
    "$binary" --hash-password <"$temp/passwords" >"$temp/hashes" || fail "the server cannot hash passwords"
    grep . "$temp/totp" | "$binary" --encrypt-totp "$data/secrets/totp.key" >"$temp/sealed" || fail "the server cannot encrypt second factors"
    awk 'NR == FNR { sealed[NR] = $0; next } { print($0 == "" ? "\\N" : "\\\\x" sealed[++n]) }' "$temp/sealed" "$temp/totp" >"$temp/totp_sealed"
    sed 's/^$/\\N/' "$temp/totp" >"$temp/totp_clear"
    {
        echo 'begin; create temporary table given (account_id bigint, login text, role text, dealer text, password text, totp text, phc text, sealed bytea) on commit drop;'
        echo 'copy given from stdin;'
        paste "$temp/list" "$temp/passwords" "$temp/totp_clear" "$temp/hashes" "$temp/totp_sealed"
        echo '\.'
    } >"$temp/given" || fail "cannot write into $temp"
    # the clear text first: a hash in the database whose password nobody has would lock everybody out
    { cat "$temp/given"; echo "select json_agg(json_build_object('login', login, 'password', password, 'totp_secret', totp, 'role', role, 'dealer', dealer) order by account_id) from given; commit;"
    } | cluster_psql "$data" -At >"$temp/accounts" && [ -s "$temp/accounts" ] &&
        file_put "$data/accounts.json" 0600 "${SUDO_UID:-0}:${SUDO_GID:-0}" <"$temp/accounts" || fail "cannot write $data/accounts.json"
    { cat "$temp/given"; echo "update session.account a set password_phc = g.phc, totp_secret = g.sealed from given g where g.account_id = a.account_id; commit;"
    } | cluster_psql "$data" -At || fail "cannot store the accounts"
    rm -rf "$temp"
}

# accounts_certificate DATA: enrols the system of the first dealer, so that the dealers' port can be tried at once.
accounts_certificate() {
    local data=$1 staff spki
    staff=$(cluster_psql "$data" -Atc "select staff_id from core.staff where role = 'system' and is_active and dealer_id = (select min(dealer_id) from core.dealer where dealer_id > 0 and is_active) order by 1 limit 1")
    [ -n "$staff" ] || return 0
    spki=$(certs_dealer "$data" dealer-1 "/O=Clientele/CN=dealer system 1")
    cluster_psql "$data" -v staff="$staff" -v spki="$spki" <<'SQL'
insert into session.certificate (spki_sha256, dealer_id, staff_id, enrolled_at)
select decode(:'spki', 'hex'), dealer_id, staff_id, core.now() from core.staff where staff_id = :staff on conflict do nothing;
SQL
    if is_root && [ -n "${SUDO_UID:-}" ]; then chown -R "$SUDO_UID:${SUDO_GID:-$SUDO_UID}" "$data/dealer"; fi
}

# accounts_print DATA: the logins a person needs first.
accounts_print() {
    [ -r "$1/accounts.json" ] || return 0
    {   # by stdin: a password on a command line could be seen by every user of the machine
        printf '%s\n' 'begin; create temporary table given (list text) on commit drop;' \
            "copy given from stdin with (format csv, delimiter e'\\x01', quote e'\\x02');"
        tr -d '\n' <"$1/accounts.json"
        cat <<'SQL'

\.
select rpad(x.login, 14), rpad(x.password, 20), rpad(x.role, 9), rpad(case when x.totp is null then 'password only' else 'with second factor' end, 19), x.dealer
from (select e ->> 'login' as login, e ->> 'password' as password, e ->> 'role' as role, e ->> 'totp_secret' as totp, e ->> 'dealer' as dealer, n,
             row_number() over (partition by e ->> 'role' order by n) as k
      from given g cross join lateral json_array_elements(g.list::json) with ordinality t(e, n)) x
where k = 1 and role <> 'system' order by n;
commit;
SQL
    } | cluster_psql "$1" -At -F '  '
}
