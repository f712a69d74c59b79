/* SPDX-License-Identifier: Apache-2.0 */
#include "link.h"

#include <curl/curl.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "base/mem.h"

#define REPLY_MAX_BYTES    (8u << 20)
#define CONNECT_TIMEOUT_MS 10000L
#define REPLY_TIMEOUT_MS   60000L
#define TOKEN_MARGIN_S     20
#define TOKEN_BYTES        4096

struct link {
    CURL *curl;
    const home_t *home;
    char ca[HOME_PATH_BYTES];
    char token[TOKEN_BYTES]; /* "Authorization: Bearer ..." ; empty when none */
    time_t token_until;
    char trouble[CURL_ERROR_SIZE];
    buf_t received;
};

static size_t on_bytes(char *bytes, size_t size, size_t count, void *context)
{
    link_t *link = context;
    return buf_add(&link->received, bytes, size * count) ? size * count : 0;
}

link_t *link_open(const home_t *home, const char *ca_path, fault_t *fault)
{
    link_t *link = MEM_NEW(link_t);
    link->home = home;
    link->received = buf_make(REPLY_MAX_BYTES);
    if (ca_path)
        snprintf(link->ca, sizeof link->ca, "%s", ca_path);
    link->curl = curl_easy_init();
    if (link->curl)
        return link;
    fault_set(fault, EXIT_USAGE, "libcurl cannot start");
    link_close(link);
    return NULL;
}

lang_t link_lang(void)
{
    const char *word = getenv("CLIENTELE_LANG");
    return word && strncmp(word, "en", 2) == 0 ? LANG_EN : LANG_RU;
}

/** The first header of every request: the language in which refusals are told. */
static struct curl_slist *language_head(void)
{
    return curl_slist_append(NULL, link_lang() == LANG_EN ? "Accept-Language: en"
                                                          : "Accept-Language: ru");
}

/** Settings every request shares; a reset keeps the connection and the TLS session. */
static void prepare(link_t *link, const char *url, const char *body, struct curl_slist *heads)
{
    CURL *curl = link->curl;
    curl_easy_reset(curl);
    buf_reset(&link->received);
    link->trouble[0] = 0;
    curl_easy_setopt(curl, CURLOPT_URL, url);
    curl_easy_setopt(curl, CURLOPT_PROTOCOLS_STR, "https");
    curl_easy_setopt(curl, CURLOPT_SSLVERSION, (long)CURL_SSLVERSION_TLSv1_2);
    curl_easy_setopt(curl, CURLOPT_HTTPHEADER, heads);
    curl_easy_setopt(curl, CURLOPT_WRITEFUNCTION, on_bytes);
    curl_easy_setopt(curl, CURLOPT_WRITEDATA, link);
    curl_easy_setopt(curl, CURLOPT_ERRORBUFFER, link->trouble);
    curl_easy_setopt(curl, CURLOPT_CONNECTTIMEOUT_MS, CONNECT_TIMEOUT_MS);
    curl_easy_setopt(curl, CURLOPT_TIMEOUT_MS, REPLY_TIMEOUT_MS);
    curl_easy_setopt(curl, CURLOPT_NOSIGNAL, 1L);
    curl_easy_setopt(curl, CURLOPT_TCP_KEEPALIVE, 1L);
    curl_easy_setopt(curl, CURLOPT_USERAGENT, "clientele-dealer/1");
    if (link->ca[0])
        curl_easy_setopt(curl, CURLOPT_CAINFO, link->ca);
    if (body) {
        curl_easy_setopt(curl, CURLOPT_POSTFIELDSIZE_LARGE, (curl_off_t)strlen(body));
        curl_easy_setopt(curl, CURLOPT_POSTFIELDS, body);
    }
}

static void present_certificate(link_t *link)
{
    char path[HOME_PATH_BYTES];
    home_path(link->home, "identity.pem", path);
    curl_easy_setopt(link->curl, CURLOPT_SSLCERT, path);
    curl_easy_setopt(link->curl, CURLOPT_SSLKEY, path);
}

/** Tell a fault of trust, which no repetition mends, from a server that is away. */
static bool transport_fault(const link_t *link, CURLcode code, fault_t *fault)
{
    const char *why = link->trouble[0] ? link->trouble : curl_easy_strerror(code);
    bool is_trust = code == CURLE_PEER_FAILED_VERIFICATION || code == CURLE_SSL_CACERT_BADFILE ||
                    code == CURLE_SSL_CERTPROBLEM || code == CURLE_URL_MALFORMAT ||
                    code == CURLE_UNSUPPORTED_PROTOCOL || code == CURLE_SSL_ISSUER_ERROR ||
                    strstr(why, "alert"); /* our certificate was refused */
    return fault_set(fault, is_trust ? EXIT_REFUSED : EXIT_AWAY, "%s",
                     code == CURLE_WRITE_ERROR ? "the reply is too large" : why);
}

static bool perform(link_t *link, reply_t *reply, fault_t *fault)
{
    long status = 0;
    curl_off_t retry_after_s = 0;
    CURLcode code = curl_easy_perform(link->curl);
    if (code != CURLE_OK)
        return transport_fault(link, code, fault);
    curl_easy_getinfo(link->curl, CURLINFO_RESPONSE_CODE, &status);
    curl_easy_getinfo(link->curl, CURLINFO_RETRY_AFTER, &retry_after_s);
    *reply = (reply_t){.status = (int)status, .retry_after_s = (long)retry_after_s};
    if (link->received.len > 0)
        reply->body = json_loadb(link->received.ptr, link->received.len, 0, NULL);
    return true;
}

bool link_enrol(link_t *link, const char *path, json_t *body, reply_t *reply, fault_t *fault)
{
    char url[HOME_PATH_BYTES];
    snprintf(url, sizeof url, "%s%s", link->home->server, path);
    char *text = json_dumps(body, JSON_COMPACT);
    struct curl_slist *heads = curl_slist_append(language_head(), "Content-Type: application/json");
    prepare(link, url, text, heads);
    bool is_done = perform(link, reply, fault);
    curl_slist_free_all(heads);
    free(text);
    return is_done;
}

/** Fetch a token with the certificate. */
static bool fetch_token(link_t *link, fault_t *fault)
{
    char url[HOME_PATH_BYTES];
    reply_t reply;
    snprintf(url, sizeof url, "%s/v1/token", link->home->exchange);
    struct curl_slist *heads = curl_slist_append(language_head(), "Content-Type: application/json");
    prepare(link, url, "{}", heads);
    present_certificate(link);
    bool is_done = perform(link, &reply, fault);
    curl_slist_free_all(heads);
    if (!is_done)
        return false;
    const char *token = json_string_value(json_object_get(reply.body, "access_token"));
    json_int_t life_s = json_integer_value(json_object_get(reply.body, "expires_in"));
    if (reply.status == 200 && token) {
        snprintf(link->token, sizeof link->token, "Authorization: Bearer %s", token);
        link->token_until = time(NULL) + (time_t)life_s;
    } else {
        char sentence[400];
        reply_sentence(&reply, sentence, sizeof sentence);
        bool is_away = reply.status >= 500 || reply.status == 429;
        is_done = fault_set(fault, is_away ? EXIT_AWAY : EXIT_REFUSED, "no token: %s", sentence);
    }
    reply_free(&reply);
    return is_done;
}

static bool send_once(link_t *link, const char *path, const char *body, const char *key,
                      reply_t *reply, fault_t *fault)
{
    char url[HOME_PATH_BYTES], key_head[160];
    snprintf(url, sizeof url, "%s%s", link->home->exchange, path);
    struct curl_slist *heads = curl_slist_append(language_head(), link->token);
    if (body)
        heads = curl_slist_append(heads, "Content-Type: application/json");
    if (key) {
        snprintf(key_head, sizeof key_head, "Idempotency-Key: %s", key);
        heads = curl_slist_append(heads, key_head);
    }
    prepare(link, url, body, heads);
    present_certificate(link);
    bool is_done = perform(link, reply, fault);
    curl_slist_free_all(heads);
    return is_done;
}

bool link_send(link_t *link, const char *path, const char *body, const char *key, reply_t *reply,
               fault_t *fault)
{
    for (int attempt = 0; attempt < 2; attempt++) {
        bool is_old = time(NULL) + TOKEN_MARGIN_S >= link->token_until;
        if ((attempt > 0 || link->token[0] == 0 || is_old) && !fetch_token(link, fault))
            return false;
        if (!send_once(link, path, body, key, reply, fault))
            return false;
        if (reply->status != 401)
            return true;
        if (attempt == 0)
            reply_free(reply);
    }
    char sentence[400];
    reply_sentence(reply, sentence, sizeof sentence);
    reply_free(reply);
    return fault_set(fault, EXIT_REFUSED, "the server refuses a fresh token: %s", sentence);
}

void reply_sentence(const reply_t *reply, char *out, size_t size)
{
    const char *title = json_string_value(json_object_get(reply->body, "title"));
    const char *detail = json_string_value(json_object_get(reply->body, "detail"));
    const char *rule = json_string_value(json_object_get(reply->body, "rule"));
    const char *next = json_string_value(json_object_get(reply->body, "next"));
    snprintf(out, size, "%d %s%s%s%s%s%s%s%s", reply->status, title ? title : "",
             detail ? ": " : "", detail ? detail : "", rule && rule[0] ? " (" : "",
             rule ? rule : "", rule && rule[0] ? ")" : "", next && next[0] ? ". " : "",
             next ? next : "");
}

void reply_free(reply_t *reply)
{
    json_decref(reply->body);
    reply->body = NULL;
}

void link_close(link_t *link)
{
    if (!link)
        return;
    if (link->curl)
        curl_easy_cleanup(link->curl);
    str_wipe(link->token, sizeof link->token);
    buf_free(&link->received);
    mem_free(link);
}
