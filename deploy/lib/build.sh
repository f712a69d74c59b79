# SPDX-License-Identifier: Apache-2.0
# shellcheck shell=bash
# Builds the server and the web client, each only when its sources changed. Nothing is written into the checkout.

# build_server BUILD: the CMake Release build; BUILD/clientele-server and BUILD's dealer client.
build_server() {
    local build=$1 mark fresh=()
    mkdir -p "$build"
    mark=$({ hash_of "$CLIENTELE_ROOT/server" "$CLIENTELE_ROOT/clients/dealer"; cat "$CLIENTELE_ROOT/CMakeLists.txt"; cc --version; } | sha256sum | cut -c1-64)
    if [ -x "$build/clientele-server" ] && [ "$(cat "$build/deploy.mark" 2>/dev/null)" = "$mark" ]; then return 0; fi
    rm -f "$build/deploy.mark"
    # the checkout has moved since: its cache names another place
    grep -qxF "CMAKE_HOME_DIRECTORY:INTERNAL=$CLIENTELE_ROOT" "$build/CMakeCache.txt" 2>/dev/null || fresh=(--fresh)
    cmake "${fresh[@]}" -S "$CLIENTELE_ROOT" -B "$build" -DCMAKE_BUILD_TYPE=Release -DCLIENTELE_TESTS=OFF || return 1
    cmake --build "$build" --parallel "$(nproc)" || return 1
    [ -x "$build/clientele-server" ] || { echo "the build made no clientele-server" >&2; return 1; }
    printf '%s\n' "$mark" >"$build/deploy.mark"
}

# build_web BUILD WEB: WEB gets the bundle. Runs as the unprivileged server user in a copy of the sources; npm ci only when
# the lock changed, and no package's install script runs.
build_web() {
    local build=$1 web=$2 source=$CLIENTELE_ROOT/clients/web mark lock
    mark=$({ cd "$source" && find . \( -name node_modules -o -name dist -o -name tests \) -prune -o -type f -print0 | LC_ALL=C sort -z | xargs -0 sha256sum; node --version; } | sha256sum | cut -c1-64)
    if [ -f "$web/index.html" ] && [ "$(cat "$web/.mark" 2>/dev/null)" = "$mark" ]; then return 0; fi
    lock=$({ cat "$source/package-lock.json"; node --version; } | sha256sum | cut -c1-64)
    folder "$build" 0755 "$SERVER_USER:$SERVER_USER"
    folder "$build/home" 0700 "$SERVER_USER:$SERVER_USER"
    find "$build" -mindepth 1 -maxdepth 1 ! -name node_modules ! -name home ! -name .lock-mark -exec rm -rf {} +
    ( cd "$source" && tar -cf - --exclude=./node_modules --exclude=./dist . ) | tar -xf - -C "$build" --no-same-owner || return 1
    if is_root; then find "$build" -mindepth 1 -maxdepth 1 ! -name node_modules -exec chown -R "$SERVER_USER:$SERVER_USER" {} +; fi
    if [ ! -d "$build/node_modules" ] || [ "$(cat "$build/.lock-mark" 2>/dev/null)" != "$lock" ]; then
        rm -f "$build/.lock-mark"
        ( cd "$build" && as_user "$SERVER_USER" env HOME="$build/home" npm ci --ignore-scripts --no-audit --no-fund --prefer-offline ) ||
            fail "npm ci failed: is its registry reachable (proxy and registry go into /etc/npmrc)? Then run deploy/up again"
        printf '%s\n' "$lock" | as_user "$SERVER_USER" tee "$build/.lock-mark" >/dev/null || return 1
    fi
    ( cd "$build" && as_user "$SERVER_USER" env HOME="$build/home" npm run build ) || return 1
    rm -rf "$web.new"
    cp -R "$build/dist" "$web.new" || return 1
    chmod -R u+rwX,go+rX,go-w "$web.new"
    if is_root; then chown -R root:root "$web.new"; fi
    printf '%s\n' "$mark" >"$web.new/.mark" || return 1
    rm -rf "$web.old"
    if [ -e "$web" ]; then mv "$web" "$web.old"; fi
    mv "$web.new" "$web"
    rm -rf "$web.old"
}
