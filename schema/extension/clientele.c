/* SPDX-License-Identifier: Apache-2.0
 * The database extension: an identity that SQL cannot forge, one clock, and the match keys in SQL.
 *
 * Loaded by session_preload_libraries into every backend; its SQL functions are in functions.sql.
 *
 * Identity. The setting clientele.identity may be set only by who holds GRANT SET ON PARAMETER: the
 * owner of session.bind and session.bind_job, which set it for one transaction. Row policies read
 * it through the functions below, which look at this library's own variable: a role that invents a
 * setting of the same name reaches nothing. SHOW tells nobody its value. The text
 *     staff_id|dealer_id|role_bit|session_id|request_id|route|lang|idem_id
 * is parsed once per change, in the check hook; a reader costs a pointer and a field.
 * Clock. core.now() is the transaction's timestamp plus clientele.clock_offset_s, which only a
 * superuser may set: tests and simulations own the clock.
 * Hash key. core.key_hash is HMAC-SHA256 under clientele.hash_key, which stands in a file beside
 * the database and in no dump: who has the rows cannot try all phone numbers against them. It holds
 * no rule of the trade and no state beyond the three settings. */
#include "postgres.h"

#include <limits.h>

#include "access/xact.h"
#include "common/hmac.h"
#include "common/sha2.h"
#include "fmgr.h"
#include "mb/pg_wchar.h"
#include "utils/builtins.h"
#include "utils/guc.h"
#include "utils/timestamp.h"

#include "../../server/match/alike.h"
#include "../../server/match/compare.h"
#include "../../server/match/email.h"
#include "../../server/match/name.h"
#include "../../server/match/nick.h"
#include "../../server/match/phone.h"
#include "../../server/match/taxid.h"
#include "../../server/match/vehicle.h"

PG_MODULE_MAGIC;

void _PG_init(void);

#define IDENTITY_FIELDS 8
#define FIELD_BYTES_MAX 128
#define NAME_BYTES_MAX  4096 /* more of a name than this is not folded */

/* The fields in their order. The first four and the last are numbers. */
typedef enum {
    FIELD_STAFF,
    FIELD_DEALER,
    FIELD_ROLE_BIT,
    FIELD_SESSION,
    FIELD_REQUEST,
    FIELD_ROUTE,
    FIELD_LANG,
    FIELD_IDEM
} field_t;

/* The parsed identity: one malloc-ed block that the settings machinery owns and frees. */
typedef struct {
    int64 number[IDENTITY_FIELDS];
    bool is_set[IDENTITY_FIELDS];
    char text[IDENTITY_FIELDS][FIELD_BYTES_MAX];
} identity_t;

static char *identity_text;
static const identity_t *identity;
static int clock_offset_s;
static char *hash_key;

static bool is_number_field(int field)
{
    return field != FIELD_REQUEST && field != FIELD_ROUTE && field != FIELD_LANG;
}

/* Parse a number without sign, at most `limit`. */
static bool parse_number(const char *from, size_t len, int64 limit, int64 *number)
{
    int64 value = 0;
    for (size_t i = 0; i < len; i++) {
        if (from[i] < '0' || from[i] > '9' || value > (limit - (from[i] - '0')) / 10) {
            return false;
        }
        value = value * 10 + (from[i] - '0');
    }
    *number = value;
    return len > 0;
}

static bool parse_identity(const char *from, identity_t *to)
{
    const char *at = from;
    for (int field = 0; field < IDENTITY_FIELDS; field++) {
        size_t len = strcspn(at, "|");
        bool is_last = field == IDENTITY_FIELDS - 1;
        int64 limit = field == FIELD_DEALER || field == FIELD_ROLE_BIT ? INT_MAX : PG_INT64_MAX;
        if (len >= FIELD_BYTES_MAX || (at[len] == '\0') != is_last) {
            return false;
        }
        if (len > 0 && is_number_field(field) &&
            !parse_number(at, len, limit, &to->number[field])) {
            return false;
        }
        memcpy(to->text[field], at, len);
        to->text[field][len] = '\0';
        to->is_set[field] = len > 0;
        at += len + 1;
    }
    return true;
}

/* Check hook: refuse a malformed identity; keep the parsed form as the setting's extra. */
static bool check_identity(char **newval, void **extra, GucSource source)
{
    (void)source;
    if (*newval == NULL || (*newval)[0] == '\0') {
        *extra = NULL;
        return true;
    }
    identity_t *parsed = calloc(1, sizeof *parsed);
    if (parsed == NULL) {
        GUC_check_errcode(ERRCODE_OUT_OF_MEMORY);
        return false;
    }
    if (!parse_identity(*newval, parsed)) {
        free(parsed);
        GUC_check_errdetail("The identity needs %d fields.", IDENTITY_FIELDS);
        return false;
    }
    *extra = parsed;
    return true;
}

/* Assign hook: also called with the former extra when a transaction ends. */
static void assign_identity(const char *newval, void *extra)
{
    (void)newval;
    identity = extra;
}

static const char *show_identity(void)
{
    return "";
}

void _PG_init(void)
{
    DefineCustomStringVariable(
        "clientele.identity", "Who is calling, for one transaction.", NULL, &identity_text, "",
        PGC_SUSET, GUC_NO_SHOW_ALL | GUC_NO_RESET_ALL | GUC_NOT_IN_SAMPLE | GUC_DISALLOW_IN_FILE,
        check_identity, assign_identity, show_identity);
    DefineCustomIntVariable("clientele.clock_offset_s",
                            "Seconds by which core.now() is ahead of the real time.", NULL,
                            &clock_offset_s, 0, INT_MIN, INT_MAX, PGC_SUSET,
                            GUC_UNIT_S | GUC_NOT_IN_SAMPLE, NULL, NULL, NULL);
    DefineCustomStringVariable(
        "clientele.hash_key", "Key of core.key_hash, at least 32 characters.", NULL, &hash_key, "",
        PGC_SIGHUP, GUC_NO_SHOW_ALL | GUC_SUPERUSER_ONLY | GUC_NOT_IN_SAMPLE, NULL, NULL, NULL);
    MarkGUCPrefixReserved("clientele");
}

/* --- identity ------------------------------------------------------------------------------- */

#define NUMBER_READER(name, field, RETURN)                                                         \
    PG_FUNCTION_INFO_V1(name);                                                                     \
    Datum name(PG_FUNCTION_ARGS)                                                                   \
    {                                                                                              \
        if (identity == NULL || !identity->is_set[field]) {                                        \
            PG_RETURN_NULL();                                                                      \
        }                                                                                          \
        RETURN(identity->number[field]);                                                           \
    }

#define TEXT_READER(name, field)                                                                   \
    PG_FUNCTION_INFO_V1(name);                                                                     \
    Datum name(PG_FUNCTION_ARGS)                                                                   \
    {                                                                                              \
        if (identity == NULL || !identity->is_set[field]) {                                        \
            PG_RETURN_NULL();                                                                      \
        }                                                                                          \
        PG_RETURN_TEXT_P(cstring_to_text(identity->text[field]));                                  \
    }

#define RETURN_INT4(value) PG_RETURN_INT32((int32)(value))

NUMBER_READER(clientele_staff, FIELD_STAFF, PG_RETURN_INT64)
NUMBER_READER(clientele_dealer, FIELD_DEALER, RETURN_INT4)
NUMBER_READER(clientele_role_bit, FIELD_ROLE_BIT, RETURN_INT4)
NUMBER_READER(clientele_session_id, FIELD_SESSION, PG_RETURN_INT64)
NUMBER_READER(clientele_idem_id, FIELD_IDEM, PG_RETURN_INT64)
TEXT_READER(clientele_request_id, FIELD_REQUEST)
TEXT_READER(clientele_route, FIELD_ROUTE)
TEXT_READER(clientele_lang, FIELD_LANG)

PG_FUNCTION_INFO_V1(clientele_identity);
Datum clientele_identity(PG_FUNCTION_ARGS)
{
    if (identity == NULL) {
        PG_RETURN_NULL();
    }
    PG_RETURN_TEXT_P(cstring_to_text(identity_text));
}

/* --- clock ---------------------------------------------------------------------------------- */

PG_FUNCTION_INFO_V1(clientele_now);
Datum clientele_now(PG_FUNCTION_ARGS)
{
    TimestampTz real = GetCurrentTransactionStartTimestamp();
    PG_RETURN_TIMESTAMPTZ(real + (TimestampTz)clock_offset_s * USECS_PER_SEC);
}

/* --- match keys ----------------------------------------------------------------------------- */

static void need_utf8(void)
{
    if (GetDatabaseEncoding() != PG_UTF8) {
        ereport(ERROR, (errcode(ERRCODE_FEATURE_NOT_SUPPORTED),
                        errmsg("match keys need a database in UTF8")));
    }
}

/* A normaliser of one text with a bounded result: empty = NULL. */
#define KEY(name, normalise, bytes_max)                                                            \
    PG_FUNCTION_INFO_V1(name);                                                                     \
    Datum name(PG_FUNCTION_ARGS)                                                                   \
    {                                                                                              \
        const text *raw = PG_GETARG_TEXT_PP(0);                                                    \
        char out[bytes_max];                                                                       \
        need_utf8();                                                                               \
        size_t bytes = normalise(VARDATA_ANY(raw), VARSIZE_ANY_EXHDR(raw), out);                   \
        if (bytes == 0) {                                                                          \
            PG_RETURN_NULL();                                                                      \
        }                                                                                          \
        PG_RETURN_TEXT_P(cstring_to_text_with_len(out, (int)bytes));                               \
    }

KEY(clientele_phone_mask, phone_mask, PHONE_MASK_BYTES)
KEY(clientele_email_norm, email_norm, EMAIL_BYTES)
KEY(clientele_email_mask, email_mask, EMAIL_MASK_BYTES)
KEY(clientele_vin_norm, vehicle_vin, VEHICLE_VIN_BYTES)
KEY(clientele_plate_norm, vehicle_plate, VEHICLE_PLATE_BYTES)
KEY(clientele_inn_norm, taxid_inn, TAXID_INN_BYTES)
KEY(clientele_kpp_norm, taxid_kpp, TAXID_KPP_BYTES)

PG_FUNCTION_INFO_V1(clientele_phone_norm);
Datum clientele_phone_norm(PG_FUNCTION_ARGS)
{
    if (PG_ARGISNULL(0)) {
        PG_RETURN_NULL();
    }
    const text *raw = PG_GETARG_TEXT_PP(0);
    const text *area = PG_ARGISNULL(1) ? NULL : PG_GETARG_TEXT_PP(1);
    char out[PHONE_E164_BYTES];
    need_utf8();
    size_t bytes =
        phone_norm(VARDATA_ANY(raw), VARSIZE_ANY_EXHDR(raw), area == NULL ? "" : VARDATA_ANY(area),
                   area == NULL ? 0 : VARSIZE_ANY_EXHDR(area), out);
    if (bytes == 0) {
        PG_RETURN_NULL();
    }
    PG_RETURN_TEXT_P(cstring_to_text_with_len(out, (int)bytes));
}

PG_FUNCTION_INFO_V1(clientele_vin_is_checked);
Datum clientele_vin_is_checked(PG_FUNCTION_ARGS)
{
    const text *raw = PG_GETARG_TEXT_PP(0);
    char vin[VEHICLE_VIN_BYTES];
    need_utf8();
    if (vehicle_vin(VARDATA_ANY(raw), VARSIZE_ANY_EXHDR(raw), vin) == 0) {
        PG_RETURN_NULL();
    }
    PG_RETURN_BOOL(vehicle_vin_is_checked(vin));
}

/* Fold a name with one of the two foldings. An empty fold is an empty text, not NULL: a search for
 * "-" is a search for everything, as a search for "" is. */
static text *fold(const text *raw, size_t (*folding)(const char *, size_t, char *, size_t))
{
    size_t bytes = Min(VARSIZE_ANY_EXHDR(raw), NAME_BYTES_MAX);
    size_t cap = NAME_FOLD_BYTES(bytes);
    need_utf8();
    text *out = palloc(VARHDRSZ + cap);
    SET_VARSIZE(out, VARHDRSZ + folding(VARDATA_ANY(raw), bytes, VARDATA(out), cap));
    return out;
}

PG_FUNCTION_INFO_V1(clientele_name_fold);
Datum clientele_name_fold(PG_FUNCTION_ARGS)
{
    PG_RETURN_TEXT_P(fold(PG_GETARG_TEXT_PP(0), name_fold));
}

PG_FUNCTION_INFO_V1(clientele_surname_key);
Datum clientele_surname_key(PG_FUNCTION_ARGS)
{
    PG_RETURN_TEXT_P(fold(PG_GETARG_TEXT_PP(0), name_surname_key));
}

/* --- keyed hashes --------------------------------------------------------------------------- */

PG_FUNCTION_INFO_V1(clientele_key_hash);
Datum clientele_key_hash(PG_FUNCTION_ARGS)
{
    const text *value = PG_GETARG_TEXT_PP(0);
    bytea *out = palloc(VARHDRSZ + PG_SHA256_DIGEST_LENGTH);
    size_t bytes = hash_key != NULL ? strlen(hash_key) : 0;
    if (bytes < 32) {
        ereport(ERROR,
                (errcode(ERRCODE_CONFIG_FILE_ERROR),
                 errmsg("clientele.hash_key has %zu characters, at least 32 are needed", bytes)));
    }
    pg_hmac_ctx *hmac = pg_hmac_create(PG_SHA256);
    if (hmac == NULL || pg_hmac_init(hmac, (const uint8 *)hash_key, bytes) < 0 ||
        pg_hmac_update(hmac, (const uint8 *)VARDATA_ANY(value), VARSIZE_ANY_EXHDR(value)) < 0 ||
        pg_hmac_final(hmac, (uint8 *)VARDATA(out), PG_SHA256_DIGEST_LENGTH) < 0) {
        elog(ERROR, "could not compute a keyed hash");
    }
    pg_hmac_free(hmac);
    SET_VARSIZE(out, VARHDRSZ + PG_SHA256_DIGEST_LENGTH);
    PG_RETURN_BYTEA_P(out);
}

PG_FUNCTION_INFO_V1(clientele_name_alike);
Datum clientele_name_alike(PG_FUNCTION_ARGS)
{
    const text *a = PG_GETARG_TEXT_PP(0);
    const text *b = PG_GETARG_TEXT_PP(1);
    need_utf8();
    PG_RETURN_INT32((int32)name_alike(VARDATA_ANY(a), VARSIZE_ANY_EXHDR(a), VARDATA_ANY(b),
                                      VARSIZE_ANY_EXHDR(b)));
}

PG_FUNCTION_INFO_V1(clientele_given_alike);
Datum clientele_given_alike(PG_FUNCTION_ARGS)
{
    const text *a = PG_GETARG_TEXT_PP(0);
    const text *b = PG_GETARG_TEXT_PP(1);
    char one[COMPARE_BYTES];
    char other[COMPARE_BYTES];
    need_utf8();
    if (name_alike(VARDATA_ANY(a), VARSIZE_ANY_EXHDR(a), VARDATA_ANY(b), VARSIZE_ANY_EXHDR(b)) !=
        ALIKE_NONE) {
        PG_RETURN_BOOL(true);
    }
    size_t one_bytes = compare_norm(COMPARE_NAME, VARDATA_ANY(a), VARSIZE_ANY_EXHDR(a), one);
    size_t other_bytes = compare_norm(COMPARE_NAME, VARDATA_ANY(b), VARSIZE_ANY_EXHDR(b), other);
    PG_RETURN_BOOL(nick_is_same(one, one_bytes, other, other_bytes));
}

PG_FUNCTION_INFO_V1(clientele_match_level);
Datum clientele_match_level(PG_FUNCTION_ARGS)
{
    char word[16];
    char one[COMPARE_BYTES];
    char other[COMPARE_BYTES];
    const text *kind_text = PG_GETARG_TEXT_PP(0);
    const text *a = PG_GETARG_TEXT_PP(1);
    const text *b = PG_GETARG_TEXT_PP(2);
    need_utf8();
    text_to_cstring_buffer(kind_text, word, sizeof word);
    compare_kind_t kind = compare_kind_of(word);
    if (kind == COMPARE_KINDS) {
        ereport(ERROR, (errcode(ERRCODE_INVALID_PARAMETER_VALUE), errmsg("no such kind of field")));
    }
    size_t one_bytes = compare_norm(kind, VARDATA_ANY(a), VARSIZE_ANY_EXHDR(a), one);
    size_t other_bytes = compare_norm(kind, VARDATA_ANY(b), VARSIZE_ANY_EXHDR(b), other);
    compare_level_t level = compare_values(kind, one, one_bytes, other, other_bytes);
    if (level == LEVEL_ABSENT) {
        PG_RETURN_NULL();
    }
    PG_RETURN_TEXT_P(cstring_to_text(compare_level_name(level)));
}

PG_FUNCTION_INFO_V1(clientele_code_norm);
Datum clientele_code_norm(PG_FUNCTION_ARGS)
{
    const text *raw = PG_GETARG_TEXT_PP(0);
    char out[COMPARE_BYTES];
    need_utf8();
    size_t bytes = compare_norm(COMPARE_CODE, VARDATA_ANY(raw), VARSIZE_ANY_EXHDR(raw), out);
    PG_RETURN_TEXT_P(cstring_to_text_with_len(out, (int)bytes));
}
