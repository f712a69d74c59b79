# SPDX-License-Identifier: Apache-2.0
# shellcheck shell=bash
# Builds the identity extension (schema/extension/ with the normalisers of server/match/) as clientele.so.

# extension_build DIR: DIR/clientele.so, compiled when a source, the compiler or PostgreSQL changed. The new file replaces
# the old in one rename, so running backends keep theirs. Cost: about 3 s when something changed.
extension_build() {
    local dir=$1 include mark draft
    include=$("$PG_BIN/pg_config" --includedir-server) || fail "pg_config is missing: install postgresql-server-dev-15"
    [ -f "$include/postgres.h" ] || fail "$include/postgres.h is missing: install postgresql-server-dev-15"
    folder "$dir" 0755
    mark=$({ hash_of "$CLIENTELE_ROOT/schema/extension" "$CLIENTELE_ROOT/server/match"
             cc --version; "$PG_BIN/pg_config" --version; } | sha256sum | cut -c1-64)
    if [ -f "$dir/clientele.so" ] && [ "$(cat "$dir/clientele.mark" 2>/dev/null)" = "$mark" ]; then return 0; fi
    draft=$(mktemp "$dir/.clientele.XXXXXX")
    ( cd "$CLIENTELE_ROOT" &&
      cc -std=c17 -O2 -g -fPIC -shared -fno-strict-aliasing -fwrapv -fstack-protector-strong \
         -D_FORTIFY_SOURCE=2 -D_GNU_SOURCE -Wall -Wl,-Bsymbolic,-z,relro,-z,now -isystem "$include" -Iserver -Ischema/extension \
         -o "$draft" schema/extension/*.c server/match/*.c -licui18n -licuuc ) || { rm -f "$draft"; fail "the identity extension does not compile"; }
    chmod 0755 "$draft"
    mv -f "$draft" "$dir/clientele.so"
    printf '%s\n' "$mark" >"$dir/clientele.mark"
}
