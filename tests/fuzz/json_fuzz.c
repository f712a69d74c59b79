/* SPDX-License-Identifier: Apache-2.0
 * Any bytes through the door to Jansson; what is accepted must write and read back the same. */
#include <stdlib.h>

#include "api/json.h"

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t len);

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t len)
{
    arena_t *arena = arena_new((size_t)64 << 20);
    json_t *value, *again;
    if (json_parse(arena, str_n((const char *)bytes, len), &value).code == ERR_OK) {
        const char *text = json_dump(arena, value);
        if (!text || json_parse(arena, str_of(text), &again).code != ERR_OK ||
            !json_equal(value, again))
            abort();
    }
    arena_free(arena);
    return 0;
}
