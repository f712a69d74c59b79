/* SPDX-License-Identifier: Apache-2.0
 * A byte stream read whole, byte by byte and cut once gives the same messages and the same refusal.
 * The first byte of the input says where it is cut. */
#include "../unit/http/walk.h"

#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void same(const walk_t *a, const walk_t *b)
{
    if (a->messages != b->messages || a->is_refused != b->is_refused || a->is_open != b->is_open ||
        a->code != b->code || a->body_hash != b->body_hash || a->head_hash != b->head_hash) {
        abort();
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    if (size < 2 || size > 8192) {
        return 0;
    }
    const char *bytes = (const char *)data + 1;
    size_t len = size - 1;
    walk_t whole = walk(bytes, len, len, len);
    walk_t single = walk(bytes, len, 1, 1);
    walk_t cut = walk(bytes, len, 1 + data[0] % len, len);
    same(&whole, &single);
    same(&whole, &cut);
    return 0;
}
