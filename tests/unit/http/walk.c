/* SPDX-License-Identifier: Apache-2.0
 * See walk.h. */
#include "walk.h"

#include "http/chunk.h"

typedef struct {
    walk_t result;
    parse_t parse;
    chunk_t chunk;
    parse_framing_t framing;
    bool is_in_body;
    bool is_closed;
    int64_t left;
} walker_t;

static uint64_t mix(uint64_t hash, str_t text)
{
    for (size_t i = 0; i < text.len; i++) {
        hash = (hash ^ (unsigned char)text.ptr[i]) * 1099511628211ULL;
    }
    return hash;
}

static void refuse(walker_t *w, err_code_t code)
{
    w->result.is_refused = true;
    w->result.code = code;
}

static void end_message(walker_t *w)
{
    w->result.messages++;
    w->is_closed = w->framing.is_close;
    w->is_in_body = false;
    w->parse = (parse_t){0};
}

/* Take a head off the bytes; out: bytes used, 0 = need more or refused. */
static size_t take_head(walker_t *w, str_t bytes)
{
    size_t used = 0;
    http_request_t request;
    arena_t *arena = arena_new(1 << 20);
    err_t error = parse_head(&w->parse, arena, bytes, &request, &w->framing, &used);
    if (error.code != ERR_OK) {
        refuse(w, error.code);
        used = 0;
    } else if (used > 0) {
        uint64_t hash = mix(mix(w->result.head_hash, request.method_text), request.path);
        hash = mix(mix(hash, request.query), request.host);
        for (size_t i = 0; i < request.header_count; i++) {
            hash = mix(mix(hash, request.headers[i].name), request.headers[i].value);
        }
        w->result.head_hash = hash;
        w->chunk = (chunk_t){0};
        w->left = request.content_length;
        w->is_in_body = true;
        if (!w->framing.is_chunked && w->left == 0) {
            end_message(w);
        }
    }
    arena_free(arena);
    return used;
}

static size_t take_body(walker_t *w, str_t bytes)
{
    if (!w->framing.is_chunked) {
        size_t used = (uint64_t)w->left < bytes.len ? (size_t)w->left : bytes.len;
        w->result.body_hash = mix(w->result.body_hash, str_n(bytes.ptr, used));
        w->left -= (int64_t)used;
        if (w->left == 0) {
            end_message(w);
        }
        return used;
    }
    size_t used = 0;
    str_t data;
    bool is_done;
    err_t error = chunk_next(&w->chunk, bytes, &used, &data, &is_done);
    w->result.body_hash = mix(w->result.body_hash, data);
    if (error.code != ERR_OK) {
        refuse(w, error.code);
    } else if (is_done) {
        end_message(w);
    }
    return used;
}

/* Bytes after a closing message: line ends are tolerated, anything else is refused. */
static size_t take_rest(walker_t *w, str_t bytes)
{
    for (size_t i = 0; i < bytes.len; i++) {
        if (bytes.ptr[i] != '\r' && bytes.ptr[i] != '\n') {
            refuse(w, ERR_BAD_REQUEST);
        }
    }
    return bytes.len;
}

walk_t walk(const char *bytes, size_t len, size_t first_bytes, size_t step_bytes)
{
    walker_t w = {0};
    size_t done = 0;
    size_t seen = first_bytes < len ? first_bytes : len;
    while (!w.result.is_refused) {
        str_t window = str_n(bytes + done, seen - done);
        size_t used = w.is_closed    ? take_rest(&w, window)
                      : w.is_in_body ? take_body(&w, window)
                                     : take_head(&w, window);
        done += used;
        if (used == 0 || done == seen) {
            if (seen == len) {
                break;
            }
            seen = step_bytes < len - seen ? seen + step_bytes : len;
        }
    }
    w.result.is_open = w.is_in_body || (!w.is_closed && w.parse.state != 0);
    return w.result;
}
