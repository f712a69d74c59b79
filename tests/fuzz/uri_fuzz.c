/* SPDX-License-Identifier: Apache-2.0
 * A target that is accepted is safe to route: absolute, no dot segments, no controls, UTF-8; and
 * its query ends. */
#include "http/uri.h"

#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void must(bool is_good)
{
    if (!is_good) {
        abort();
    }
}

static void check_path(str_t path)
{
    must(path.len > 0 && (path.ptr[0] == '/' || str_eq(path, STR("*"))) && str_is_utf8(path));
    str_t rest = path;
    str_t segment;
    while (str_split(&rest, '/', &segment)) {
        must(!str_eq(segment, STR(".")) && !str_eq(segment, STR("..")));
    }
    for (size_t i = 0; i < path.len; i++) {
        must((unsigned char)path.ptr[i] >= 0x20 && path.ptr[i] != '\\' && path.ptr[i] != 0x7f);
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    arena_t *arena = arena_new(1 << 20);
    uri_t uri;
    err_t error = uri_parse(arena, str_n((const char *)data, size), &uri);
    if (error.code == ERR_OK) {
        check_path(uri.path);
        str_t rest = uri.query;
        bool has_pair = true;
        for (size_t pairs = 0; has_pair && error.code == ERR_OK; pairs++) {
            str_t name;
            str_t value;
            error = uri_query_next(arena, &rest, &has_pair, &name, &value);
            must(pairs <= size);
            must(error.code != ERR_OK || !has_pair || (str_is_utf8(name) && str_is_utf8(value)));
        }
    }
    arena_free(arena);
    return 0;
}
