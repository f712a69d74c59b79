/* SPDX-License-Identifier: Apache-2.0
 * The order of names as bytes: ICU's sort key, which an index compares by memcmp instead of asking
 * ICU twenty times an entry.
 */
#include "postgres.h"

#include <unicode/ucol.h>
#include <unicode/ustring.h>

#include "fmgr.h"
#include "mb/pg_wchar.h"

#define SORT_NAME_BYTES_MAX 4096 /* more of a name than this does not order it */
#define SORT_KEY_BYTES_MAX  600  /* what an index bears; equal beginnings are ties */

static UCollator *collator; /* of this backend, for its life */

static UCollator *russian(void)
{
    UErrorCode status = U_ZERO_ERROR;
    if (collator == NULL) {
        collator = ucol_open("ru", &status);
        if (U_FAILURE(status)) {
            collator = NULL;
            ereport(ERROR, errmsg("no collator: %s", u_errorName(status)));
        }
    }
    return collator;
}

/* Each byte of the key is written as the character of its number: in UTF-8 the order stays that of
 * the bytes. */
PG_FUNCTION_INFO_V1(clientele_name_key);
Datum clientele_name_key(PG_FUNCTION_ARGS)
{
    text *raw = PG_GETARG_TEXT_PP(0);
    int32_t bytes = Min((int32_t)VARSIZE_ANY_EXHDR(raw), SORT_NAME_BYTES_MAX);
    UChar wide[SORT_NAME_BYTES_MAX];
    uint8_t key[SORT_KEY_BYTES_MAX + 1] = {0};
    int32_t length = 0;
    UErrorCode status = U_ZERO_ERROR;
    if (GetDatabaseEncoding() != PG_UTF8) {
        ereport(ERROR, errmsg("names are ordered in a database of encoding UTF8 only"));
    }
    /* a name cut within a character ends in a replacement character */
    u_strFromUTF8WithSub(wide, SORT_NAME_BYTES_MAX, &length, VARDATA_ANY(raw), bytes, 0xFFFD, NULL,
                         &status);
    if (U_FAILURE(status)) {
        ereport(ERROR, errmsg("no sort key: %s", u_errorName(status)));
    }
    /* of a key that is longer ICU writes what there is room for */
    (void)ucol_getSortKey(russian(), wide, length, key, SORT_KEY_BYTES_MAX);
    text *out = palloc(VARHDRSZ + 2 * SORT_KEY_BYTES_MAX);
    uint8_t *end = (uint8_t *)VARDATA(out);
    for (const uint8_t *at = key; *at != 0; at++) {
        if (*at < 0x80) {
            *end++ = *at;
        } else {
            *end++ = (uint8_t)(0xC0 | (*at >> 6));
            *end++ = (uint8_t)(0x80 | (*at & 0x3F));
        }
    }
    SET_VARSIZE(out, (char *)end - (char *)out);
    PG_RETURN_TEXT_P(out);
}
