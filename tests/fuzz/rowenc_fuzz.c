/* SPDX-License-Identifier: Apache-2.0
 * Any bytes as a binary value of any kind. First byte: the kind; the rest: the value. What is
 * written must be JSON, unless the kind passes text through as it is. */
#include <stdlib.h>

#include "api/json.h"
#include "api/rowenc.h"

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t len);

static const type_t t_text = {.oid = 25, .kind = TYPE_TEXT};
static const type_t t_int = {.oid = 23, .kind = TYPE_INT4};
static const type_t t_array = {.oid = 1007, .kind = TYPE_ARRAY};
static const column_t columns[] = {
    {"n", &t_int, "", false}, {"t", &t_text, "", false}, {"a", &t_array, "", false}};
static const type_t t_record = {
    .oid = 5000, .kind = TYPE_COMPOSITE, .columns = columns, .column_count = 3};

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t len)
{
    const type_t *types[] = {&t_int, &t_text, &t_array, &t_record};
    catalog_t catalog = {.types = types, .type_count = 4};
    if (len == 0)
        return 0;
    type_kind_t kind = (type_kind_t)(bytes[0] % (TYPE_COMPOSITE + 1));
    str_t value = str_n((const char *)bytes + 1, len - 1);
    buf_t out = buf_make((size_t)1 << 20), csv = buf_make((size_t)1 << 20);
    if (rowenc_json_value(&out, &catalog, &t_record, kind, value, 0) && kind != TYPE_JSON &&
        kind != TYPE_JSONB && str_is_utf8(buf_str(&out))) {
        json_error_t error;
        json_t *read = json_loadb(out.ptr, out.len, JSON_DECODE_ANY | JSON_ALLOW_NUL, &error);
        /* a numeric may be longer than Jansson's numbers */
        if (!read && kind != TYPE_NUMERIC)
            abort();
        json_decref(read);
    }
    if (rowenc_csv_cell(&csv, value, true, ';') && csv.len && csv.ptr &&
        memchr("=+-@", csv.ptr[0], 4))
        abort();
    buf_free(&out);
    buf_free(&csv);
    return 0;
}
