/* SPDX-License-Identifier: Apache-2.0
 * Cookie and CSRF for browsers, bearer token and certificate for dealers' systems. */
#include "api/identity.h"

#include "base/clock.h"

static bool is_unsafe(method_t method)
{
    return method != METHOD_GET && method != METHOD_HEAD && method != METHOD_OPTIONS;
}

static bool read_secret(str_t text, unsigned char secret[SECRET_BYTES])
{
    unsigned char raw[SECRET_BYTES + 2];
    size_t len = 0;
    if (text.len != SECRET_TEXT || !str_from_base64url(text, raw, &len) || len != SECRET_BYTES)
        return false;
    memcpy(secret, raw, SECRET_BYTES);
    return true;
}

bool identity_is_same_origin(const http_request_t *http)
{
    str_t site = http_header(http, STR("sec-fetch-site"));
    if (site.ptr && !str_eq(site, STR("same-origin")) && !str_eq(site, STR("none")))
        return false;
    str_t origin = http_header(http, STR("origin"));
    if (!origin.ptr)
        return true;
    return str_starts(origin, STR("https://")) && str_eq_nocase(str_skip(origin, 8), http->host);
}

static err_t read_cookie(request_t *rq, str_t cookie)
{
    rq->class = class_of_letter(cookie.len ? cookie.ptr[0] : 0);
    if (rq->class == CLASS_COUNT || rq->class == CLASS_SYSTEM ||
        !read_secret(str_skip(cookie, 1), rq->secret))
        return err_of(ERR_UNAUTHENTICATED);
    if (!is_unsafe(rq->http->method))
        return ERR_NONE;
    char expected[44];
    keys_csrf(rq->app->shared->keys, rq->secret, expected);
    str_t given = http_header(rq->http, STR("x-csrf-token"));
    if (!identity_is_same_origin(rq->http) ||
        http_header_count(rq->http, STR("x-csrf-token")) != 1 ||
        !str_eq_secret(given, str_n(expected, 43)))
        return err_of(ERR_CSRF);
    return ERR_NONE;
}

static err_t read_bearer(request_t *rq, str_t header)
{
    if (rq->http->listener != LISTENER_DEALER || !rq->http->has_certificate)
        return err_of(ERR_CERTIFICATE);
    if (header.len < 8 || !str_eq_nocase(str_n(header.ptr, 7), STR("bearer ")))
        return err_of(ERR_UNAUTHENTICATED);
    rq->class = CLASS_SYSTEM;
    return token_cached(rq->app->tokens, rq->arena, rq->app->shared->keys, str_skip(header, 7),
                        rq->http->certificate_sha256, clock_wall_us() / 1000000, rq->secret);
}

err_t identity_read(request_t *rq)
{
    size_t bearers = http_header_count(rq->http, STR("authorization"));
    str_t cookie = http_cookie(rq->http, STR(SESSION_COOKIE));
    err_t error = err_of(ERR_UNAUTHENTICATED);
    if (bearers > 1 || (bearers == 1 && cookie.ptr))
        return error;
    if (bearers == 1)
        error = read_bearer(rq, http_header(rq->http, STR("authorization")));
    else if (cookie.ptr && rq->http->listener == LISTENER_BROWSER)
        error = read_cookie(rq, cookie);
    if (error.code != ERR_OK)
        return error;
    arena_own_secret(rq->arena, rq->secret, sizeof rq->secret);
    rq->has_secret = true;
    return route_admits(rq->route, rq->class) ? ERR_NONE : err_of(ERR_FORBIDDEN);
}

str_t identity_cookie(arena_t *arena, char letter, const unsigned char *secret)
{
    if (!secret)
        return STR(SESSION_COOKIE "=; Path=/; Secure; HttpOnly; SameSite=Strict; Max-Age=0");
    char text[SECRET_TEXT + 1];
    text[str_to_base64url(secret, SECRET_BYTES, text)] = 0;
    str_t cookie = arena_printf(arena, "%s=%c%s; Path=/; Secure; HttpOnly; SameSite=Strict",
                                SESSION_COOKIE, letter, text);
    str_wipe(text, sizeof text);
    return cookie;
}
