/* SPDX-License-Identifier: Apache-2.0
 * Records of an exchange format (EnterpriseData, CommerceML 2, ADF) as rows under the names of
 * table_fields.h.
 *
 * A format is a table of rules: where a record stands, and which text inside it is which field.
 * What a rule cannot say (a contact told by its type, a name in parts) is a call of the format.
 * A document comes after its client and before its lines. */
#ifndef CLIENTELE_INTAKE_RECORDS_H
#define CLIENTELE_INTAKE_RECORDS_H

#include "intake/table_fields.h"
#include "base/str.h"

enum { RECORDS_LINES_MAX = 5000, RECORDS_BYTES_MAX = 8 << 20 };

/** Whether the beginning of an XML document says that it is one of the formats. */
bool records_know(str_t sample);

/** A row that is being put together: texts by field, empty where nothing was said. */
typedef struct {
    str_t values[FIELD_COUNT];
    int line;
    bool is_used;
    bool is_passed; /* of main: neither it nor whom it names is taken, and its line says so */
} record_t;

typedef struct records records_t;

/** The record of the document, the client in it, and its present line. */
record_t *records_main(records_t *records);
record_t *records_client(records_t *records);
record_t *records_item(records_t *records);

/** Set a field unless it is set; the text is copied. */
void records_set(records_t *records, record_t *record, table_field_t field, str_t text);

/** Put a text behind what the field holds, after a space. */
void records_add(records_t *records, record_t *record, table_field_t field, str_t text);

/** A text of the format's own between two elements: slots 0..4, forgotten with `records_slot_reset`
 * and at the end of the record. */
str_t records_slot(const records_t *records, unsigned slot);
void records_slot_set(records_t *records, unsigned slot, str_t text);
void records_slot_reset(records_t *records);

/** What the record is by the place where it stands; empty when the format decides. */
const char *records_place(const records_t *records);

/** One rule: the end of a path inside a record, and where its text goes. */
typedef struct {
    const char *path; /* "ИНН", "Товары/Товар/Сумма": the last elements of the path */
    enum { INTO_MAIN, INTO_CLIENT, INTO_ITEM, ADD_MAIN } into;
    table_field_t field;
} record_rule_t;

/** Where a record begins. */
typedef struct {
    const char *element; /* the last elements of its path */
    const char *record;  /* client, vehicle, sale, ...; NULL: the format decides at the end, and may
                            clear main's is_used to leave it out */
} record_place_t;

/** A format. */
typedef struct {
    const char *name;
    const char *mark; /* stands in the first bytes of every such document */
    const record_place_t *places;
    const record_rule_t *rules;
    const char *const *items; /* ends of the paths of lines, works behind a '!' */
    void (*attribute)(records_t *records, str_t path, const char **attributes); /* may be NULL */
    void (*text)(records_t *records, str_t path, str_t text); /* texts that no rule takes */
    void (*close)(records_t *records, str_t path);            /* an element with others in it */
    void (*end)(records_t *records);                          /* before the record is given out */
} record_format_t;

/** Whether a path ends with these elements. */
bool record_path_is(str_t path, const char *end);

extern const record_format_t record_enterprise_data, record_commerceml, record_adf;

#endif
