# SPDX-License-Identifier: Apache-2.0
# shellcheck shell=bash
# The local certificate authority, the server's certificate, the authority of dealers' systems, and the secrets. Made once;
# the server's certificate is renewed 30 days before its end. All keys are ECDSA P-256.

# cert_key PATH: a new key, whole or not at all.
cert_key() {
    ( umask 077; openssl genpkey -quiet -algorithm EC -pkeyopt ec_paramgen_curve:P-256 -out "$1.new" ) && mv -f "$1.new" "$1" ||
        fail "openssl cannot make the key $1"
}

# cert_sign CA_CERT CA_KEY KEY SUBJECT DAYS EXTENSIONS OUT
cert_sign() {
    local request extensions
    request=$(mktemp); extensions=$(mktemp)
    printf '%s\n' "$6" >"$extensions"
    openssl req -new -utf8 -key "$3" -subj "$4" -out "$request" 2>/dev/null &&
        openssl x509 -req -sha256 -in "$request" -CA "$1" -CAkey "$2" -set_serial "0x$(openssl rand -hex 16 | sed 's/^[89a-f]/1/')" \
            -days "$5" -extfile "$extensions" -out "$7.new" 2>/dev/null || fail "openssl cannot sign $4"
    rm -f "$request" "$extensions"
    chmod 0644 "$7.new"
    mv -f "$7.new" "$7"
}

# cert_self KEY SUBJECT EXTENSIONS OUT: a self-signed authority for ten years.
cert_self() {
    openssl req -new -x509 -utf8 -sha256 -key "$1" -subj "$2" -days 3652 -out "$4.new" -config <(printf '[req]\ndistinguished_name=n\nx509_extensions=e\n[n]\n[e]\n%s\n' "$3") ||
        fail "openssl cannot make $2"
    chmod 0644 "$4.new"
    mv -f "$4.new" "$4"
}

# cert_crl DATA: DATA/ca.crl, the authority's list of revoked certificates (none), as the certificate names it.
cert_crl() {
    local data=$1 temp
    temp=$(mktemp -d)
    : >"$temp/index"
    printf '[ca]\ndefault_ca=c\n[c]\ndatabase=%s/index\ndefault_md=sha256\ndefault_crl_days=800\n' "$temp" >"$temp/conf"
    openssl ca -config "$temp/conf" -gencrl -keyfile "$data/ca/ca.key" -cert "$data/ca.pem" -out "$temp/crl.pem" 2>/dev/null &&
        openssl crl -in "$temp/crl.pem" -outform DER -out "$temp/crl.der" || fail 'openssl cannot make the revocation list'
    file_put "$data/ca.crl" 0644 <"$temp/crl.der" || exit 1
    rm -rf "$temp"
}

# certs_make DATA PORT: DATA/ca.pem for browsers, DATA/tls/ for the server, whose certificate says that the revocation list
# is served at PORT. out: 0 when something was made or renewed, 1 when all stood.
certs_make() {
    local data=$1 crl=https://localhost:$2/ca.crl changed=1
    folder "$data/ca" 0700 root:root
    folder "$data/tls" 0755 root:root
    if [ ! -f "$data/ca/ca.key" ] || [ ! -f "$data/ca.pem" ]; then
        cert_key "$data/ca/ca.key"
        # whoever trusts this authority trusts it for this machine's own names only
        cert_self "$data/ca/ca.key" "/O=Clientele/CN=Clientele local CA $(openssl rand -hex 3)" 'basicConstraints=critical,CA:true,pathlen:0
keyUsage=critical,keyCertSign,cRLSign
subjectKeyIdentifier=hash
nameConstraints=critical,permitted;DNS:localhost,permitted;IP:127.0.0.0/255.0.0.0,permitted;IP:::1/ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff' "$data/ca.pem"
        rm -f "$data/tls/server.pem"
        changed=0
    fi
    if [ ! -f "$data/tls/dealer-ca.pem" ]; then
        cert_key "$data/tls/dealer-ca.key"
        cert_self "$data/tls/dealer-ca.key" '/O=Clientele/CN=Clientele dealers CA' 'basicConstraints=critical,CA:true,pathlen:0
keyUsage=critical,keyCertSign,cRLSign
subjectKeyIdentifier=hash' "$data/tls/dealer-ca.pem"
        changed=0
    fi
    if [ ! -f "$data/tls/server.pem" ] || ! openssl x509 -in "$data/tls/server.pem" -noout -checkend 2592000 >/dev/null ||
        ! openssl x509 -in "$data/tls/server.pem" -noout -ext crlDistributionPoints 2>/dev/null | grep -qF "$crl"; then
        [ -f "$data/tls/server.key" ] || cert_key "$data/tls/server.key"
        cert_sign "$data/ca.pem" "$data/ca/ca.key" "$data/tls/server.key" '/O=Clientele/CN=localhost' 397 "basicConstraints=critical,CA:false
keyUsage=critical,digitalSignature
extendedKeyUsage=serverAuth
subjectAltName=DNS:localhost,IP:127.0.0.1,IP:::1
crlDistributionPoints=URI:$crl
subjectKeyIdentifier=hash
authorityKeyIdentifier=keyid" "$data/tls/server.pem"
        cert_crl "$data"
        changed=0
    fi
    chmod 0600 "$data"/tls/*.key
    if is_root; then chown "$SERVER_USER:$SERVER_USER" "$data"/tls/*.key; fi
    return "$changed"
}

# certs_dealer DATA NAME SUBJECT: DATA/dealer/NAME.key and .pem, a client certificate of a dealer's own system.
# out: prints the SHA-256 of its public key (SPKI), by which the database knows it
certs_dealer() {
    local data=$1 name=$2 subject=$3
    folder "$data/dealer" 0700
    if [ ! -f "$data/dealer/$name.pem" ]; then
        cert_key "$data/dealer/$name.key"
        cert_sign "$data/tls/dealer-ca.pem" "$data/tls/dealer-ca.key" "$data/dealer/$name.key" "$subject" 397 'basicConstraints=critical,CA:false
keyUsage=critical,digitalSignature
extendedKeyUsage=clientAuth
subjectKeyIdentifier=hash
authorityKeyIdentifier=keyid' "$data/dealer/$name.pem"
    fi
    openssl x509 -in "$data/dealer/$name.pem" -noout -pubkey | openssl pkey -pubin -outform DER | sha256sum | cut -c1-64
}

# secrets_make DATA: what the server keeps to itself; 0600, the server's user only. The folder is root's: whoever has taken over
# the server must not lay a link there that root then writes or gives away.
secrets_make() {
    local data=$1 name
    if is_root; then folder "$data/secrets" 0750 "root:$SERVER_USER"; else folder "$data/secrets" 0700; fi
    [ -z "$(find "$data/secrets" -mindepth 1 ! -type f)" ] || fail "$data/secrets may hold plain files only: look at what else lies there, remove it and run deploy/up again"
    for name in csrf totp link; do
        if [ ! -s "$data/secrets/$name.key" ]; then openssl rand -hex 32 | file_put "$data/secrets/$name.key" 0600 || fail "cannot make a secret"; fi
    done
    [ -s "$data/secrets/token.pem" ] || cert_key "$data/secrets/token.pem"
    [ -s "$data/secrets/sign.pem" ] || openssl genpkey -algorithm ed25519 | file_put "$data/secrets/sign.pem" 0600 || fail "cannot make the key of exported cases"
    openssl pkey -in "$data/secrets/sign.pem" -pubout | file_put "$data/sign-public.pem" 0644 || fail "cannot write the public key of exported cases"
    chmod 0600 "$data"/secrets/*
    if is_root; then chown -h "$SERVER_USER:$SERVER_USER" "$data"/secrets/*; fi
}
